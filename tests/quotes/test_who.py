"""Who is behind the words of a source, over short articles: bodies, documents, and people called by what they are."""

import pytest

from pipeline import analyse

FILLER = "Rain fell on the hills for most of the week and the roads stayed wet. "


def speakers(text: str) -> list[str]:
    """The keys of the speakers in a text, in order."""
    return [quote.speaker_key for quote in analyse(text).quoted.quotes]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (
            "Ana Harrow is running for mayor. The Harrow campaign said that it would publish the letters.",
            "organisation:harrow campaign",
        ),
        (
            "Ana Harrow is running for mayor. Harrow's campaign said that it would publish the letters.",
            "organisation:harrow campaign",
        ),
        (
            "Ana Harrow is running for mayor. The Harrow campaign was late. The Harrow team said that it would publish "
            "the letters.",
            "organisation:harrow campaign",
        ),
        ("It rained for a week. Ana Harrow’s office said that the dam was safe.", "organisation:harrow office"),
        (
            "“The dam is safe,” said Iran’s minister of energy Navid Karimi.",
            "person:navid karimi",
        ),
        (
            "Director of Programmes at the Larnholm Forum for Authors Petra Osei said that the fair would open.",
            "person:petra osei",
        ),
        ("The spokesman of President Ana Harrow said that the dam was safe.", ""),
        ("The newspaper El Faro reported that the dam was safe.", "organisation:el faro"),
        ("A letter by Petra\u00a0Osei came. “The\u00a0dam is safe,” Osei\u00a0said.", "person:petra osei"),
        ("“The dam is safe,” the UN refugee agency UNRA said.", "organisation:unra"),
        (
            "Torvik Data, a third-party market intelligence firm, said that sales had doubled.",
            "organisation:torvik data",
        ),
        ("It was built by Omar Reed, a retired engineer who said that the dam was safe.", "person:omar reed"),
        ("The dam belongs to Harrow Power, a company that says that it is safe.", "organisation:harrow power"),
        ("“The dam is safe,” said Petra Osei who is the head of the mission at Larnholm.", "person:petra osei"),
        (
            "A new poll shows that 54 percent of voters want a new bridge. The Reuters poll was taken in May.",
            "organisation:reuters poll",
        ),
        ("A Reuters poll found that 54 percent of voters wanted a new bridge.", "organisation:reuters poll"),
        ("It rained for a week. The Chinese government said that the dam was safe.", "country:CHN"),
        ("It rained for a week. The government of Malawi said that the dam was safe.", "country:MWI"),
        (
            "Malawi had rain, more than Zambia. Malawi’s dam is old, and Malawi needs it. The government said "
            "that it was safe.",
            "country:MWI",
        ),
        ("The New York Times reports:\n\n“The dam is safe, and it will stay safe.”", "organisation:new york times"),
        (
            "According to a Reuters/Ipsos opinion poll, rents have doubled.",
            "organisation:reuters/ipsos poll",
        ),
        (
            "A letter signed by the Attorney General, Mr Mark Dougal, came late. “The dam is safe,” the AG said.",
            "person:mark dougal",
        ),
        (
            "Carl Unger met the press on Monday. The tax plan of Mark Dougal is bad, Unger said. Dougal has raised it "
            "twice. “If Dougal were a brand, nobody would buy it,” he said.",
            "person:carl unger",
        ),
        (
            "Carl Unger, operations director of the UN Relief Office, spoke. It rained. The UN director said that the "
            "dam was safe.",
            "person:carl unger",
        ),
        (
            "Commenting on his death, the well-known expert on Baltic media, Dr. Petra Osei, professor of media at "
            "Larnholm, wrote: “He was a voice of reason, and he will be missed.”",
            "person:petra osei",
        ),
        ("By Okafor's own argument the dam is safe, Lena Okafor said.", "person:lena okafor"),
        (
            "The U.S. Court of Appeals and the U.S. District Court met. The appeals court ruled against it.",
            "organisation:USA court of appeals",
        ),
        (
            "Ana Harrow is running for mayor. Harrow's presidential campaign said that it would publish the letters.",
            "organisation:harrow campaign",
        ),
        ("A study by the Brookings Institution found that rents had doubled.", "organisation:brookings institution"),
        ("A report written by Lena Okafor says that the dam is safe.", "person:lena okafor"),
        ("Lena Okafor spoke in May. Okafor's report says that the dam is safe.", "person:lena okafor"),
        (
            "Rep. Dana Voss of Ohio voted against the bill. The congresswoman said that it would hurt farmers.",
            "person:dana voss",
        ),
        (
            "Mayor Lee Park met the unions on Monday. The mayor said that the talks would go on.",
            "person:lee park",
        ),
        (
            "Republican nominee Carl Unger and Democratic nominee Ines Duarte met. The Democratic nominee said that "
            "taxes would fall.",
            "person:ines duarte",
        ),
        (
            "The International Criminal Court sits in The Hague. The court said that it would hear the case.",
            "organisation:international criminal court",
        ),
        (
            "Chief Election Commissioner Tarek Mannan met the parties. Asked about money, the CEC said that he wanted "
            "none of it.",
            "person:tarek mannan",
        ),
        (
            "The Tahltan Union has filed a lawsuit in Federal Court over the mine. It rained. The lawsuit says that "
            "nobody was asked.",
            "organisation:tahltan union",
        ),
        (
            "The Waitangi Tribunal sat on Monday. Nobody came. The Tribunal said that it would wait.",
            "organisation:waitangi tribunal",
        ),
        (
            "Rents have doubled, the Bank of Korea said on Monday in a report. It rained. The report says that wages "
            "will follow.",
            "organisation:bank of korea",
        ),
        (
            "Tarek Mannan strongly refuted the comments. “We have a plan for the island,” said the Prime Minister.",
            "person:tarek mannan",
        ),
        (
            "Carl Unger won the first debate on Sunday. The Republican nominee said that taxes would fall.",
            "person:carl unger",
        ),
        (
            "Ines Duarte was asked about the wall. “No,” the candidate told a radio station.",
            "person:ines duarte",
        ),
        (
            "An attorney for Pavone, Mark Dougal, came late. It rained. Pavone's lawyer said that he would not talk.",
            "person:mark dougal",
        ),
        (
            "Mark Dougal, an attorney for Brian Pavone, came late. Pavone was ill, and his attorney said that he would "
            "not talk.",
            "person:mark dougal",
        ),
        (
            "Siemens lost a billion euros. Siemens sold its ships in May. The company said that it would pay.",
            "organisation:siemens",
        ),
        (
            "Ana Harrow is running for mayor. The Harrow campaign chose another line. They said that it was best.",
            "organisation:harrow campaign",
        ),
        (
            "Ines Duarte and Carl Unger opposed the bill. They said that it would hurt farmers.",
            "person:ines duarte",
        ),
        (
            "Critics of the dam, including Lena Okafor, say that it will break.",
            "person:lena okafor",
        ),
        (
            "The dam is safe, according to a speech Lena Okafor gave at New York University in May.",
            "person:lena okafor",
        ),
        (
            "Donald Mercer is running. A document on the Mercer campaign's website says that couples would be paid.",
            "organisation:mercer campaign",
        ),
        (
            "Data from the National Bureau of Statistics of Norway show that rents rose. The data say that wages fell.",
            "organisation:national bureau of statistics of norway",
        ),
        (
            "A two-judge bench of the Harrow High Court met. The bench said that the dam was safe.",
            "organisation:harrow high court",
        ),
        (
            "Finance Minister Ines Duarte met Prime Minister Lena Okafor. The premier said that taxes would fall.",
            "person:lena okafor",
        ),
        (
            "Norwegian Prime Minister Lena Okafor spoke in Oslo. The Norwegian leader said that taxes would fall.",
            "person:lena okafor",
        ),
        (
            "King Harald received the ministers on Monday. His Majesty said that the harvest was good.",
            "person:harald",
        ),
        (
            "Secretary for Health Lena Okafor came late. The secretary said that the clinics were full.",
            "person:lena okafor",
        ),
        (
            "Senator Carl Unger and Senator Ines Duarte met. Unger left. The senator said that taxes would fall.",
            "person:carl unger",
        ),
        (
            "Norway's Aftenposten newspaper was closed in May. The newspaper said that it would be back.",
            "organisation:aftenposten",
        ),
        (
            "It rained on the Green Party. It rained on the Harrow Council too. The party said that it would wait.",
            "organisation:green party",
        ),
        (
            "The Bank of England raised its rate. It said that prices were still rising.",
            "organisation:bank of england",
        ),
    ],
)
def test_a_source_is_whom_the_article_means(text: str, key: str) -> None:
    assert speakers(text)[-1] == key


@pytest.mark.parametrize(
    "text",
    [
        "Governor Carl Unger ordered a quarantine when a nurse came back. The nurse said that it broke the law.",
        "Lena Okafor met the unions. The Pentagon's adviser said that the talks would go on.",
        "Lena Okafor left early. His spokesman said that she was ill.",
        "The Green Party met in Oslo. The campaign said that taxes would fall.",
        "Lena Okafor left early. Some of the guests were angry. They said that the food was cold.",
        "Vice President Ines Duarte arrived. The president said that taxes would fall.",
        "Libertarian nominee Carl Unger spoke in Ohio. The Democratic nominee said that taxes would fall.",
        "President Lena Okafor spoke in Oslo. Behind the stage the leader said that taxes would fall.",
        "Officials met in Ohio. The report says that the dam is safe.",
        "A German told reporters on Monday that the road was closed.",
        "Carl Unger met the unions. She said that the talks would go on.",
        "It rained for a week. The government, which Russia backs, said that the dam was safe.",
        "Malawi had rain, Zambia had rain, Malawi a flood and Zambia too. The government said that the dam was safe.",
        "Lena Okafor released a statement on Sunday. The officials issued a statement on Monday. “The dam is old, and "
        "it will not hold,” the statement said.",
    ],
)
def test_nobody_is_named_where_the_article_does_not_say(text: str) -> None:
    assert speakers(text)[-1] == ""


def test_who_stands_beside_a_role_does_not_bear_it() -> None:
    text = "Lena Okafor questioned the Prime Minister about the dam. The Prime Minister said that it is safe."
    assert "person:lena okafor" not in speakers(text)[-1:]


def test_a_heading_is_no_part_of_a_source() -> None:
    text = "The dam is old.\n\nNew cranes\n\nLena Okafor, who owns the harbour, said: “We will buy four cranes.”"
    (quote,) = [quote for quote in analyse(text).quoted.quotes if quote.kind == "direct"]
    assert (quote.speaker_text, quote.speaker_key) == ("Lena Okafor", "person:lena okafor")


def test_who_is_named_once_and_long_ago_is_not_meant() -> None:
    once = "Senator Carl Unger was in town. " + "Ines Duarte opened the fair and Ines Duarte left. " * 9 + FILLER * 12
    assert speakers(once + "The senator said that taxes would fall.")[-1] == ""


def test_a_survey_is_the_one_that_somebody_is_named_with_before() -> None:
    before, after = "A Reuters survey found that rents had doubled. ", "The survey said that half of them stood empty."
    assert speakers(before + FILLER + after) == ["organisation:reuters survey"] * 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Lena Okafor said that the dam was safe.", "name"),
        ("Lena Okafor came late. She said that the dam was safe.", "pronoun"),
        ("Mayor Lee Park met the unions. The mayor said that the talks would go on.", "role"),
        ("A report written by Lena Okafor says that the dam is safe.", "document"),
        ("Carl Unger won the debate on Sunday. The nominee said that taxes would fall.", "topic"),
        ("Critics of the dam, including Lena Okafor, say that it will break.", "example"),
        ("The International Criminal Court sits in The Hague. The court said that it would hear it.", "nominal"),
    ],
)
def test_a_quote_says_what_tells_its_speaker(text: str, reason: str) -> None:
    assert analyse(text).quoted.quotes[-1].reason == f"model; {reason}"


TAKEN_UP = (
    "Carl Unger opened the fair and left early. Trains were late. It rained all day. Rents rose. {} said that the dam "
    "was safe. He said that it would hold for a hundred years."
)


def test_whom_the_pronoun_behind_means_is_the_one_spoken_of() -> None:
    again = "Rain fell on the hills. On Friday the Ternian leader said that the talks would go on."
    quotes = analyse(f"{TAKEN_UP.format('The Ternian leader')} {FILLER} {again}").quoted.quotes
    assert [(quote.speaker_key, quote.reason.rpartition("; ")[2]) for quote in quotes] == [
        ("person:carl unger", "taken-up"),
        ("person:carl unger", "pronoun"),
        ("person:carl unger", "taken-up"),
    ]


@pytest.mark.parametrize("who", ["A resident", "A resident of the hills", "Another official"])
def test_a_pronoun_that_takes_up_nobody_in_particular_names_nobody(who: str) -> None:
    further = "He thought that the mayor should resign."
    assert speakers(f"{TAKEN_UP.format(who)} {further}") == ["", "", ""]


@pytest.mark.parametrize(
    "text",
    [
        "Carl Unger left early. The newspaper said that the dam was safe. He said that it would hold.",
        "Carl Unger left early. The leader of the north said that it would hold. Max Brandt sat down. He said that "
        "nobody knew.",
    ],
)
def test_a_body_or_somebody_else_is_not_taken_up(text: str) -> None:
    assert [reason for q in analyse(text).quoted.quotes if (reason := q.reason.rpartition("; ")[2]) == "taken-up"] == []


def test_who_signs_a_letter_says_what_i_say_in_it() -> None:
    first = "I hope that the ferry stays. We think that it should run at night.\n\nLena Okafor.\n\nPort Ash."
    second = "I believe that the ferry is too slow.\n\nMax Brandt.\n\nNorth Ash."
    assert speakers(f"Letters to the editor.\n\n{first}\n\n{second}") == [
        "person:lena okafor",
        "person:lena okafor",
        "person:max brandt",
    ]


@pytest.mark.parametrize("after", ["Lena Okafor runs the ferry.", "The ferry of Lena Okafor", "Port Ash."])
def test_nobody_signs_where_no_name_stands_alone(after: str) -> None:
    assert speakers(f"Letters to the editor.\n\nI hope that the council will keep the ferry.\n\n{after}")[:1] == [""]


def test_the_labels_of_a_transcript_are_the_people_whom_the_article_names() -> None:
    talk = (
        ("OKORO", "What will the dam cost?"),
        ("VANCE", "Less than the flood did, and that is all that I will say."),
        ("OKORO", "And when will it stand?"),
        ("VANCE", "By the summer after the next, if it does not rain."),
    )
    lines = [f"{label}: {words}" for label, words in talk]
    text = "\n\n".join(["Ruth Okoro spoke to Dorothea Vance, the minister, on Monday.", *lines])
    said = [quote.speaker_key for quote in analyse(text).quoted.quotes if quote.reason.startswith("transcript")]
    assert said == ["person:ruth okoro", "person:dorothea vance"] * 2


def test_confidence_is_of_the_name_too() -> None:
    named, unnamed = (
        analyse(f"{who} said on Monday that the dam was safe.").quoted.quotes[0] for who in ("Lena Okafor", "A doctor")
    )
    assert (named.reason, unnamed.reason, unnamed.speaker_kind) == ("model; name", "model", "unknown")
    assert unnamed.confidence < 0.5 < named.confidence < 1
    assert named.confidence == round(named.confidence, 2)
