"""What the pages of a cohort add to the report's stylesheet: figures in light, dark and on paper, and their controls."""

from __future__ import annotations

from ..figures.palette import DARK, LIGHT, colour_rules
from ..style import CSS

_LIGHT = colour_rules(LIGHT, "var(--ink)", "var(--soft)", "var(--paper)", ".chart ")
_DARK = colour_rules(DARK, "var(--ink)", "var(--soft)", "var(--paper)", ".chart ")

PAGE_CSS = f"""{CSS}
{_LIGHT}
@media (prefers-color-scheme:dark){{{_DARK}}}
.simulated{{border:3px double var(--ink);padding:.4rem .8rem;font-weight:700;letter-spacing:.04em}}
.chart{{margin:1rem 0}}
.chart .wide{{overflow-x:auto}}
.chart svg{{height:auto;min-width:44rem;max-width:100%;font-size:13px}}
.chart .narrow svg{{min-width:0}}
.chart svg .crosshair{{stroke:currentColor;stroke-dasharray:3 3}}
.crowded .band{{display:none}}
.chart .off{{display:none}}
.controls{{border:1px solid var(--line);padding:.5rem .8rem;margin:.4rem 0}}
.controls label{{display:inline-block;margin:.2rem 1rem .2rem 0}}
.controls input[type=range]{{width:100%;display:block;min-height:1.6rem}}
.controls input[type=checkbox]{{width:1.1rem;height:1.1rem;vertical-align:-.15rem}}
.controls fieldset{{border:0;padding:0;margin:.4rem 0}}
.controls legend{{padding:0;font-weight:600}}
.controls button{{font:inherit;color:var(--ink);background:var(--tint);border:1px solid var(--line);padding:.35rem .8rem;
margin:.2rem .5rem .2rem 0;min-height:2rem;cursor:pointer}}
.reading{{display:block;min-height:1.6rem;font-variant-numeric:tabular-nums}}
.reading span{{display:block}}
details tbody th{{white-space:nowrap}}
@media (min-width:40.01rem){{main table.stack{{width:auto;min-width:min(100%,28rem)}}}}
main th,main td{{padding-right:1.2rem}}
td{{font-variant-numeric:tabular-nums}}
.sideways{{overflow-x:auto}}
.sideways table{{min-width:max-content}}
@media (max-width:40rem){{.sideways table.stack{{min-width:0}}}}
@media print{{
{_LIGHT}
.controls,.crosshair{{display:none}}
.chart{{break-inside:avoid}}
.chart .wide,.sideways{{overflow:visible}}
.chart svg{{min-width:0;max-height:20cm}}
.sideways table{{min-width:0}}
}}
"""
"""Everything a cohort page looks like; its policy allows this text only, by its hash."""
