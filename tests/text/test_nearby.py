from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.nearby import Nearby

SPANS = st.tuples(st.integers(0, 5000), st.integers(1, 3000)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(noted=st.lists(SPANS, max_size=20), asked=SPANS)
def test_a_span_finds_what_shares_a_character_with_it(noted, asked):
    near = Nearby()
    for number, span in enumerate(noted):
        near.add(number, span)

    assert set(near.over(asked)) == {n for n, (start, end) in enumerate(noted) if start < asked[1] and asked[0] < end}
