"""The stylesheet of the HTML report: phone, screen and A4, light and dark. Meaning never rests on colour alone."""

CSS = """
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#4a525c;--paper:#fff;--tint:#f3f5f7;--line:#8a939d;--link:#0b4a8f;
--focus:#0b4a8f;--warn:#7a1d10;--warn-tint:#fdf0ed}
@media (prefers-color-scheme:dark){:root{--ink:#e9edf1;--soft:#b9c2cc;--paper:#14181d;--tint:#1f252c;--line:#7d8894;
--link:#9cc7ff;--focus:#ffd54a;--warn:#ffb4a4;--warn-tint:#35201c}}
*{box-sizing:border-box}
html{font:100%/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif;background:var(--paper);
color:var(--ink);-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:72rem;padding:0 1rem 3rem;overflow-wrap:break-word}
h1{font-size:1.6rem;line-height:1.2;margin:1.2rem 0 .4rem}
h2{font-size:1.3rem;line-height:1.25;margin:2.2rem 0 .6rem;padding-top:.6rem;border-top:2px solid var(--line)}
h3{font-size:1.1rem;line-height:1.3;margin:1.4rem 0 .4rem}
h4,h5,h6{font-size:1rem;margin:1rem 0 .3rem}
p,ul,ol,dl{margin:.4rem 0 .8rem}
p,li,.alert,.card{max-width:60rem}
ul,ol{padding-left:1.3rem}
li{margin:.25rem 0}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.skip{position:absolute;left:-999rem}
.skip:focus{position:static;display:inline-block;padding:.5rem}
.lead,.meta,figcaption,caption{color:var(--soft)}
.meta{font-size:.85rem;font-weight:400}
nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem}
nav a,.sources a{display:inline-block;padding:.15rem 0}
dl.facts{display:grid;grid-template-columns:minmax(6.5rem,max-content) 1fr;gap:.2rem 1rem}
dl.facts dt{color:var(--soft)}
dl.facts dd{margin:0;min-width:0}
.alert{border:2px solid var(--warn);background:var(--warn-tint);padding:.6rem .9rem;margin:.8rem 0}
.card{border:1px solid var(--line);border-left:6px solid var(--ink);padding:.2rem 1rem .6rem;margin:0 0 1rem;
break-inside:avoid}
.card h3,.card h4{margin-top:.6rem}
.overdue{font-weight:700;color:var(--warn)}
table{border-collapse:collapse;width:100%;margin:.4rem 0 1rem}
caption{text-align:left;font-size:.9rem;padding-bottom:.3rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line)}
thead th{border-bottom:2px solid var(--ink)}
tbody th{font-weight:600}
.group{font-weight:700}
.protocols tbody th,.protocols td:nth-child(2){white-space:nowrap}
.why{color:var(--ink)}
.v{font-weight:600}
details{border:1px solid var(--line);padding:0 .8rem;margin:.5rem 0}
details details,details.why{border:0;margin:.1rem 0;padding:0}
summary{cursor:pointer;padding:.5rem 0;font-weight:600}
details details>summary,details.why>summary{font-weight:400;padding:.3rem 0;text-decoration:underline;text-underline-offset:.15em}
.why{font-size:.92rem}
.why ul{list-style:none;padding-left:1rem;margin:0}
.rules{padding-left:1.5rem}
.tree,.tree ul{list-style:none;padding-left:1rem;border-left:1px solid var(--line);margin:.2rem 0}
.tree .here{color:var(--soft)}
svg{display:block;max-width:100%;font-size:14px}
svg text{fill:currentColor}
svg .strong{font-weight:700}
svg .line{stroke:currentColor;fill:none;stroke-width:1.5}
svg .thin{stroke:currentColor;fill:none;stroke-width:1;opacity:.75}
svg .solid{fill:currentColor;stroke:currentColor}
svg .open{fill:var(--paper);stroke:currentColor;stroke-width:1.5}
.chart{margin:1rem 0}
.chart .wide{overflow-x:auto}
.chart svg{height:auto;min-width:56rem;font-size:13px}
.chart svg .soft{color:var(--soft)}
.rows table,.side table,.labels table,.trials table{font-size:.92rem;table-layout:fixed}
.rows.results th:nth-child(4){width:7%}
.rows.results th:nth-child(-n+2){width:19%}
.rows.results th:nth-child(7){width:13%}
.rows.findings th:nth-child(1){width:15%}
.rows.findings th:nth-child(6){width:10%}
.side th:nth-child(1),.side th:nth-child(2){width:11%}
.side td>div+div{margin-top:.4rem}
.side .nothing{color:var(--soft)}
.labels th:nth-child(1){width:16%}
.labels th:nth-child(2){width:19%}
.labels th:nth-child(3){width:26%}
.trials th:nth-child(2){width:12%}
.sources li{break-inside:avoid}
.sources :target,.conflict:target{outline:2px solid var(--focus)}
footer{margin-top:2.5rem;border-top:2px solid var(--line);padding-top:.8rem}
@media (max-width:40rem){
table.stack,.stack tbody,.stack tr,.stack th,.stack td,.stack caption{display:block;width:auto}
.stack thead{position:absolute;left:-999rem}
.stack tr{border-bottom:1px solid var(--line);padding:.4rem 0}
.stack th,.stack td{border:0;padding:.1rem 0}
.stack td{display:inline-block;margin-right:1rem}
.stack td:empty{display:none}
.stack td::before{content:attr(data-label) ": ";color:var(--soft)}
dl.facts{grid-template-columns:1fr;gap:0}
dl.facts dd{margin-bottom:.4rem}
}
@media print{
:root{color-scheme:light;--ink:#000;--soft:#333;--paper:#fff;--tint:#fff;--line:#777;--link:#000;--warn:#000;--warn-tint:#fff}
@page{size:A4;margin:15mm}
html{font-size:9pt;line-height:1.35}
body{max-width:none;padding:0}
nav,.skip{display:none}
a{text-decoration:none}
h1,h2,h3,h4,h5,summary,caption,thead{break-after:avoid}
.card tr,.protocols tr,.rows tr,.chart{break-inside:avoid}
.chart .wide{overflow:visible}
.chart svg{min-width:0}
section.child+section.child{break-before:page}
details{border-width:0 0 0 2px}
details::details-content{content-visibility:visible!important;display:block!important;height:auto!important}
summary{list-style:none}
}
"""
"""Everything the page looks like; the page's Content-Security-Policy allows this text only, by its hash."""
