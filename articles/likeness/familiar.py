"""Words that say little anywhere: what a newsroom knows before its first article."""

from __future__ import annotations

EVERYWHERE = """
a about after all also an and are as at be been before but by can could do for from had has have he
her his how i if in into is it its just like make more most my new no not now of off on one or
other our out over per she so some such than that the their them then there these they this those
to under up us was we were what when where which while who why will with would you your
"""
"""Words of the language."""

OFTEN = """
according add against agreement amid analysis announce april august available back best better big
billion bring build business buy ceo change city come company cost country court customer data day
deal december demand despite drive end expect experience feature february find first five forecast
found four free friday full future get global go government group grow growth guide head help high
huge improve include increase industry international january job july june keep key know largest
latest launch lead learn let life like live local look major make man manage march market may meet
million monday month move much near need network news next november october offer official old open
part partner pay people plan platform player power president price program project public put
quarter read really record release report research result review rise run said sale saturday save
say says second security see sell september service set share show since size solution start state
still stock story support take talk team tech technology tell test thing think third three thursday
time today tomorrow top trend tuesday two update use user value video want watch way website
wednesday week win woman work world year yesterday
"""
"""Words of the news."""
