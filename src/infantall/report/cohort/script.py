"""The small script of a cohort page: read a figure off at a time, show and hide groups and bands, take the data away.

Without it the page says the same by pictures and tables. It asks nothing of the network and stores nothing.
"""

SCRIPT = r"""'use strict';
(function () {
  const number = value => value === null || value === undefined ? '–' : (value * 100).toFixed(1);
  const make = (name, text, attributes) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    for (const key in attributes || {}) element.setAttribute(key, attributes[key]);
    return element;
  };
  // The last step at or before a time; the number at risk is that of the first step at or after it.
  const place = (times, time) => {
    let low = 0, high = times.length;
    while (low < high) { const middle = (low + high) >> 1; if (times[middle] <= time) low = middle + 1; else high = middle; }
    return low - 1;
  };
  const atRisk = (data, group, time) => {
    const i = place(group.times, time);
    const next = i >= 0 && group.times[i] === time ? i : i + 1;
    if (next >= group.times.length) return data.afterEnd;
    const value = group.risk[next];
    return value === null ? '–' : String(value);
  };
  const said = (data, time) => {
    const value = (time / data.perUnit).toFixed(2).replace(/\.?0+$/, '');
    return value + (data.unit ? ' ' + data.unit + (value === '1' ? '' : 's') : '');
  };
  const reading = (data, group, time) => {
    const i = place(group.times, time);
    if (i < 0 || time > group.end || group.estimate[i] === null) return group.name + ': not known';
    return group.name + ': ' + number(group.estimate[i]) + ' % (' + number(group.low[i]) + ' to ' + number(group.high[i]) + '), '
      + atRisk(data, group, time) + ' at risk';
  };
  const save = (name, kind, text) => {
    const link = make('a', '', {download: name, href: URL.createObjectURL(new Blob([text], {type: kind}))});
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };
  const quoted = cell => /[",\n\r]/.test(cell) ? '"' + cell.replace(/"/g, '""') + '"' : cell;
  const csv = data => {
    const rows = ['group,cause,time,estimate,se,ci_low,ci_high,at_risk,simulated'];
    for (const g of data.groups) {
      g.times.forEach((time, i) => rows.push([g.csv, g.cause, time, g.estimate[i], g.se[i], g.low[i], g.high[i], g.risk[i],
        data.simulated].map(cell => cell === null ? '' : quoted(String(cell))).join(',')));
    }
    return rows.join('\n') + '\n';
  };
  const crosshair = (svg, plot) => {
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    line.setAttribute('class', 'crosshair');
    line.setAttribute('y1', plot.top);
    line.setAttribute('y2', plot.top + plot.height);
    svg.querySelector('.figure-root').append(line);
    return line;
  };
  const toggle = (label, checked, change) => {
    const box = make('input', '', {type: 'checkbox'});
    box.checked = checked;
    box.addEventListener('change', () => change(box.checked));
    const whole = make('label', '', {});
    whole.append(box, ' ' + label);
    return whole;
  };
  for (const figure of document.querySelectorAll('figure[data-chart]')) {
    const data = JSON.parse(figure.querySelector('script').textContent);
    const svg = figure.querySelector('svg'), plot = data.plot, controls = figure.querySelector('.controls');
    const shown = data.groups.map(() => true);
    const line = crosshair(svg, plot);
    const slider = controls.querySelector('input'), output = controls.querySelector('output');
    const show = time => {
      const x = plot.left + time / plot.until * plot.width;
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
      slider.setAttribute('aria-valuetext', said(data, time));
      output.replaceChildren(make('span', 'At ' + said(data, time) + (data.simulated ? ' (simulated data)' : '')),
        ...data.groups.filter((_, i) => shown[i]).map(group => make('span', reading(data, group, time))));
    };
    slider.addEventListener('input', () => show(Math.min(Number(slider.value), plot.until)));
    svg.addEventListener('pointermove', event => {
      const box = svg.getBoundingClientRect(), x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
      const time = (x - plot.left) / plot.width * plot.until;
      if (time < 0 || time > plot.until) return;
      slider.value = time;
      show(time);
    });
    const choices = controls.querySelector('fieldset');
    if (data.groups.length > 1) {
      data.groups.forEach((group, i) => choices.append(toggle(group.name, true, on => {
        shown[i] = on;
        svg.querySelectorAll('[data-group="' + i + '"]').forEach(part => part.classList.toggle('off', !on));
        show(Number(slider.value));
      })));
    }
    choices.append(toggle('confidence bands', !data.crowded, on => figure.classList.toggle('crowded', !on)));
    const [table, picture] = controls.querySelectorAll('button');
    table.addEventListener('click', () => save(data.name + '.csv', 'text/csv', csv(data)));
    picture.addEventListener('click', () => save(data.name + '.svg', 'image/svg+xml', data.svg));
    show(Number(slider.value));
    controls.hidden = false;
  }
})();
"""
"""The page's policy allows this text only, by its hash."""
