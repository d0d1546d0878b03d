"""The stylesheet of a guide: a phone in one hand at night first, then larger screens, then paper.

Words are never smaller than 18 pixels on a screen. What is urgent is told by words and shapes; colour only agrees with
them. Nothing moves.
"""

CSS = """
:root{color-scheme:light dark;--ink:#1c2330;--soft:#454e5c;--paper:#fdfcf9;--tint:#f2f0ea;--line:#767f8c;--link:#114a86;
--focus:#114a86;--act:#0c5460;--on-act:#fff;
--red:#a61b1b;--red-tint:#fdeeec;--amber:#7a4b00;--amber-tint:#fff4dd;--green:#1d5f35;--green-tint:#ecf6ef;
--unit:#3b3486;--unit-tint:#f1f0fb}
@media (prefers-color-scheme:dark){:root{--ink:#e8e6e1;--soft:#b9bdc6;--paper:#13161b;--tint:#1e232a;--line:#858e9b;
--link:#a3ccff;
--focus:#ffd54a;--act:#8fd8e0;--on-act:#07262b;
--red:#ffada3;--red-tint:#331918;--amber:#ffcf73;--amber-tint:#2d2411;--green:#9adfb1;--green-tint:#15281c;
--unit:#c6c1ff;--unit-tint:#211f38}}
*{box-sizing:border-box}
html{font:118.75%/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic","Geeza Pro",Arial,sans-serif;
background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%;text-size-adjust:100%;
scroll-padding:1rem 0 8rem}
[lang=ar]{line-height:1.7}
[lang=en]{line-height:1.5}
body{margin:0 auto;max-width:40rem;padding:.4rem .9rem 8rem;overflow-wrap:anywhere}
h1{font-size:1.35rem;line-height:1.25;margin:.5rem 0 .1rem}
h2{font-size:1.5rem;line-height:1.2;margin:0 0 .7rem}
h3{font-size:1.15rem;line-height:1.3;margin:1.6rem 0 .5rem}
h4,h5,h6{font-size:1rem;line-height:1.35;margin:1.2rem 0 .4rem}
p,ul{margin:.5rem 0 .8rem}
ul{padding-inline-start:1.3rem}
li{margin:.45rem 0}
li::marker{color:var(--soft)}
a{color:var(--link);text-underline-offset:.18em}
:focus-visible{outline:3px solid var(--focus);outline-offset:3px;border-radius:2px}
main:focus,.phones:focus{outline:0}
.lead{font-size:1.1rem}
.small{font-size:.95rem;color:var(--soft)}
.sign{width:1.35em;height:1.35em;flex:none;display:inline-block;vertical-align:-.3em}
.skip,.unseen,.hint{position:absolute;inset-inline-start:0;top:0;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);
white-space:nowrap}
.skip:focus{width:auto;height:auto;clip-path:none;z-index:3;padding:.7rem 1rem;background:var(--paper);margin:.4rem}
.bar{position:fixed;inset-inline:0;bottom:0;z-index:2;background:var(--paper);border-top:2px solid var(--line);
padding:.4rem .7rem calc(.4rem + env(safe-area-inset-bottom,0px));display:flex;flex-wrap:wrap;gap:.4rem .6rem;
justify-content:center}
.bar a{flex:1 1 auto;max-width:24rem;min-height:2.7rem;display:flex;align-items:center;justify-content:center;gap:.3em;
padding:.2rem .45rem;border:2px solid var(--act);border-radius:.6rem;color:var(--ink);text-decoration:none;
font-weight:600;line-height:1.2}
.bar .call{flex-grow:2;background:var(--act);color:var(--on-act);font-weight:700;font-size:1.1rem}
.bar .sign{width:1.2em;height:1.2em}
.notices{display:flex;gap:.6rem;margin:.6rem 0 0;padding:.5rem .7rem;border:1px solid var(--line);border-radius:.5rem;
font-size:.95rem;line-height:1.4}
.notices p{margin:.15rem 0}
.sheet,.notes,.contents{margin-top:1.6rem;padding-top:1.1rem;border-top:3px solid var(--line)}
main>.sheet:first-child{margin-top:.9rem}
.sheet>h3{font-size:1.3rem;margin-top:2.2rem;padding-top:.9rem;border-top:1px solid var(--line)}
.sheet>h2+h3{margin-top:.5rem;padding-top:0;border:0}
.box{border:2px solid var(--line);border-radius:.6rem;padding:.1rem .9rem .3rem;margin:1rem 0;break-inside:avoid}
.box>:is(h3,h4,h5,h6){display:flex;gap:.5rem;align-items:flex-start;font-size:1.1rem;margin:.7rem 0 .4rem}
.box>:is(h3,h4,h5,h6)>span{min-width:0}
.box>.sign{margin-top:.7rem}
.red{border:4px solid var(--red);background:var(--red-tint)}
.amber{border:3px solid var(--amber);background:var(--amber-tint)}
.green{border:2px solid var(--green);background:var(--green-tint)}
.red>:is(h3,h4,h5,h6){color:var(--red);font-size:1.25rem}
.amber>:is(h3,h4,h5,h6){color:var(--amber)}
.green>:is(h3,h4,h5,h6){color:var(--green)}
.red>ul,.red>ul>li{font-weight:600}
.unit{border:3px solid var(--unit);background:var(--unit-tint)}
.until-set{border:3px dashed var(--unit)}
:is(.unit,.until-set)>:is(h3,h4,h5,h6){color:var(--unit)}
.english{border:0;border-inline-start:4px solid var(--line);border-radius:0;background:var(--tint)}
.card{background:var(--tint);border-width:1px}
.signed>.word{font-weight:700;margin:.8rem 0 .2rem}
.signed ul{list-style:none;padding:0;margin-top:.2rem}
.signed li{display:flex;gap:.6rem;align-items:flex-start}
.signed li>span{min-width:0}
.do .sign{color:var(--green)}
.do-not .sign{color:var(--red)}
.phones{list-style:none;padding:0;display:grid;grid-template-columns:minmax(0,1fr);gap:.6rem}
.phones li{margin:0}
.phones:target{outline:3px solid var(--focus);outline-offset:4px;border-radius:.4rem}
.tel{display:flex;gap:.7rem;align-items:center;min-height:3rem;padding:.5rem .8rem;border:2px solid var(--act);
border-radius:.6rem;
color:var(--ink);text-decoration:none}
.tel .sign{color:var(--act);width:1.6em;height:1.6em}
.tel>*{min-width:0}
.who{font-weight:600;display:block}
.number{font-size:1.15rem;font-weight:700;text-decoration:underline;text-underline-offset:.18em}
.tel.empty{flex-wrap:wrap;gap:.3rem .6rem;border-style:dashed;border-color:var(--line);padding:.3rem .6rem}
.tel.empty>label{flex:1 1 5.5rem;min-width:min-content;line-height:1.3;overflow-wrap:break-word}
.tel.empty>.small{flex:1 0 100%;order:1}
.tel.empty>input{flex:2 1 8rem;width:auto;min-width:0}
.dial{display:flex;align-items:center;gap:.3em;min-height:2.7rem;min-width:2.7rem;padding:.2rem .8rem;
border-radius:.5rem;
background:var(--act);color:var(--on-act);font-weight:700;text-decoration:none}
.dial .sign{color:inherit;width:1.2em;height:1.2em}
[hidden]{display:none!important}
input[type=tel],textarea{font:inherit;color:inherit;background:var(--paper);border:2px solid var(--line);
border-radius:.4rem;
width:100%;padding:.5rem .6rem;min-height:2.7rem}
textarea{display:block;field-sizing:content;min-height:4.6rem;max-height:70vh;resize:vertical}
.field{margin:1rem 0 1.3rem;break-inside:avoid}
.field label{display:block;font-weight:600;margin-bottom:.3rem}
.answer,.rule,.rules{display:none}
.ticks{list-style:none;padding:0}
.ticks label{display:flex;gap:.7rem;align-items:flex-start;min-height:2.7rem;padding:.45rem 0}
.ticks input{flex:none;width:1.6rem;height:1.6rem;margin:0;accent-color:var(--act)}
.links{list-style:none;padding:0}
.links li{margin:0;border-bottom:1px solid var(--line)}
.links li>*,.contents li>a{display:flex;align-items:center;min-height:2.7rem;padding:.4rem 0}
.contents ul{list-style:none;padding:0;margin:0}
.contents li{margin:0;border-bottom:1px solid var(--line)}
.contents h2{font-size:1.25rem}
.contents:target,.notes:target{border-top-color:var(--focus)}
details{border:1px solid var(--line);border-radius:.5rem;padding:0 .8rem;margin:.8rem 0}
summary{cursor:pointer;font-weight:600;min-height:2.7rem;padding:.55rem 0}
table{border-collapse:collapse;width:100%;margin:1rem 0}
caption{text-align:start;font-weight:600;padding-bottom:.4rem}
th,td{text-align:start;vertical-align:top;padding-block:.45rem;padding-inline:0 .6rem;
border-bottom:1px solid var(--line)}
thead th{border-bottom:2px solid var(--ink)}
.line{display:block}
.sideways{overflow-x:auto}
.form th,.form td{border:1px solid var(--line);padding:.4rem .5rem;height:2.7rem;overflow-wrap:normal}
@media (max-width:36rem){
.stack,.stack tbody,.stack tr,.stack th,.stack td,.stack caption{display:block;width:auto}
.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stack tr{border:1px solid var(--line);border-radius:.5rem;padding:.4rem .8rem;margin:.6rem 0}
.stack th,.stack td{border:0;padding:.2rem 0}
.stack tbody th{font-size:1.1rem}
.stack td::before{content:attr(data-label);display:block;color:var(--soft);font-size:.95rem}
.stack td:empty{display:none}
}
.people{margin:1rem 0}
figcaption{font-weight:600}
.babies{display:block;width:100%;max-width:22rem;margin:.8rem 0}
.filled{fill:currentColor;stroke:currentColor;stroke-width:1.6}
.outline{fill:none;stroke:currentColor;stroke-width:1.6}
.legend{list-style:none;padding:0}
.legend li{display:flex;gap:.6rem;align-items:center}
.legend .sign{width:1.5em;height:2em}
button{font:inherit;font-weight:600;min-height:2.7rem;padding:.5rem 1rem;border-radius:.6rem;
border:2px solid var(--act);
background:var(--act);color:var(--on-act);cursor:pointer}
button.quiet{background:transparent;color:var(--ink)}
.controls{display:grid;gap:.7rem}
dialog{background:var(--paper);color:var(--ink);border:3px solid var(--act);border-radius:.8rem;
max-width:min(30rem,92vw);padding:1rem}
dialog::backdrop{background:rgb(0 0 0/.65)}
dialog h3{margin-top:0}
dialog button{display:block;width:100%;margin:.6rem 0}
footer{margin-top:1.6rem;border-top:3px solid var(--line);padding-top:.6rem}
@media (min-width:66rem){
body{max-width:64rem;display:grid;grid-template-columns:minmax(0,40rem) minmax(0,1fr);gap:0 3rem;padding-inline:1.5rem}
.skip{grid-column:1}
header,main,footer{grid-column:1}
.contents{grid-column:2;grid-row:1/span 3;align-self:start;position:sticky;top:1rem;max-height:calc(100vh - 7rem);
overflow-y:auto;
margin-top:.5rem;border-top:0;padding:.2rem}
.contents li>a{min-height:2.4rem;padding:.3rem 0}
.controls{grid-template-columns:max-content max-content}
}
@media (max-height:22rem){.bar{position:static;
margin:0 -.9rem}html{scroll-padding-bottom:1rem}body{padding-bottom:1rem}}
@media (forced-colors:active){.sign{forced-color-adjust:auto}.bar a,.tel,button{border:2px solid}}
@media print{
:root{color-scheme:light;--ink:#000;--soft:#222;--paper:#fff;--tint:#fff;--line:#555;--link:#000;--act:#000;
--on-act:#000;
--red:#000;--red-tint:#fff;--amber:#000;--amber-tint:#fff;--green:#000;--green-tint:#fff;--unit:#000;--unit-tint:#fff}
@page{margin:14mm 15mm 22mm}
html{font-size:12pt;line-height:1.4}
body{max-width:none;padding:0;display:block}
h1{font-size:14pt}
h2{font-size:17pt}
.small,.notices{font-size:11pt}
.bar,.skip,.contents,.notes,.kept,.hint,.no-print,.screen-only,footer,.dial,textarea,input[type=tel]{display:none!important}
.sheet{break-before:page;border:0;margin:0;padding:0}
main>.sheet:first-child{break-before:auto}
.compact{font-size:11pt;line-height:1.3}
.compact .small{font-size:11pt}
.compact :is(p,ul,li){margin-block:.2rem}
h1,h2,h3,h4,h5,h6,summary,caption,thead,.word{break-after:avoid}
li,tr,.box,.tel{break-inside:avoid}
a,.number{text-decoration:none;color:inherit}
.red{border:5px double #000}
details{border:0;padding:0}
.sheet>h3{font-size:14pt;margin-top:1.2rem;padding:0;border:0}
summary{list-style:none;min-height:0;padding:.2rem 0}
summary::-webkit-details-marker{display:none}
details::details-content{content-visibility:visible!important;display:block!important;height:auto!important}
.answer:not(:empty){display:block;white-space:pre-wrap;min-height:0;border-inline-start:2px solid #555;
padding-inline-start:.5rem}
.answer:empty+.rules{display:block}
.rules .rule,.answer:empty+.rule{display:block;height:9mm;border-bottom:1px solid #555}
.tel.empty>label{flex:1 0 100%}
.tel.empty>:is(.rule,.answer){flex:1 0 100%}
.ticks label{min-height:0;padding:.1rem 0}
.ticks input{width:12pt;height:12pt}
.form td{height:11mm}
.links li{border:0}
.links li>*{min-height:0;padding:.1rem 0}
.babies{max-width:12cm}
}
"""
