"""The small script of a guide: keeps what the family writes, in this browser only, and hands it out as a file.

Each answer is an item of the browser's own store: the booklet's id and the answer's key, holding question and answer, so that an
answer is not lost when a later booklet no longer asks the question. Without the script the guide is whole; it then says that
notes are not kept.
"""

_WRITTEN = r"""'use strict';
(() => {
  const all = query => [...document.querySelectorAll(query)];
  const home = `infantall-guide:${document.body.dataset.booklet}:`;
  const fields = all('[data-key]');
  const panel = all('#my-notes')[0];
  let kept, store;
  const state = name => {
    kept = name === 'kept';
    all('[data-when]').forEach(part => { part.hidden = part.dataset.when !== name; });
  };
  const value = field => field.type === 'checkbox' ? (field.checked ? 'x' : '') : field.value;
  const put = (field, text) => {
    if (field.type === 'checkbox') field.checked = !!text;
    else if (field.value !== text) field.value = text;
    const paper = field.parentElement.querySelector('.answer');
    const link = field.parentElement.querySelector('.dial');
    if (paper) paper.textContent = text;
    if (link) {
      const number = text.replace(/[٠-٩]/g, digit => digit.charCodeAt(0) - 1632).replace(/[^\d+*#]/g, '');
      link.hidden = number.length < 3;
      link.href = 'tel:' + number;
    }
  };
  const fill = (key, text) => fields.forEach(field => { if (field.dataset.key === key) put(field, text); });
  const save = ({dataset: {key, asked}}, text) => {
    fill(key, text);
    try {
      if (text) store.setItem(home + key, JSON.stringify([asked, text]));
      else store.removeItem(home + key);
      if (!kept) state('kept');
    } catch { state('refused'); }
  };
  const stored = () => {
    const found = new Map();
    for (const key of Object.keys(store || {}).sort()) {
      try { if (key.startsWith(home)) found.set(key.slice(home.length), JSON.parse(store.getItem(key))); } catch {}
    }
    return found;
  };
  const notes = () => {
    const early = stored(), now = new Map();
    fields.forEach(field => {
      early.delete(field.dataset.key);
      if (value(field)) now.set(field.dataset.key, [field.dataset.asked, value(field)]);
    });
    const told = group => [...group.values()].map(pair => pair.join('\n') + '\n');
    return told(now).concat(early.size ? [`== ${panel.dataset.early} ==\n`, ...told(early)] : []);
  };
  const tell = what => { all('#notes-told')[0].textContent = panel.dataset[what]; };
  const download = () => {
    const text = [document.title + '\n', ...notes()].join('\n').replace(/\r?\n/g, '\r\n');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['\ufeff' + text], {type: 'text/plain;charset=utf-8'}));
    link.download = panel.dataset.file;
    panel.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 20000);
    tell('saved');
  };
  if (panel) {
    const asking = all('#erase-asked')[0];
    const act = (id, what) => { all(id)[0].onclick = () => notes().length ? what() : tell('none'); };
    act('#notes-save', download);
    act('#notes-erase', () => asking.showModal());
    asking.onclick = ({target: {value: choice}}) => {
      if (choice === undefined) return;
      asking.close();
      if (choice === 'save') download();
      if (!choice) return;
      for (const key of stored().keys()) store.removeItem(home + key);
      fields.forEach(field => put(field, ''));
      tell('erased');
    };
    try {
      store = localStorage;
      store.setItem(home, '');
      store.removeItem(home);
      state('kept');
    } catch { state('refused'); }
    all('.controls').forEach(part => { part.hidden = false; });
    const found = stored();
    fields.forEach(field => {
      const old = found.get(field.dataset.key);
      if (old) put(field, old[1]);
      else if (value(field)) save(field, value(field));
    });
    addEventListener('input', ({target}) => { if (target.dataset.key) save(target, value(target)); });
    addEventListener('storage', ({key, newValue}) => {
      if (key && key.startsWith(home)) fill(key.slice(home.length), newValue ? JSON.parse(newValue)[1] : '');
    });
    addEventListener('beforeunload', event => { if (!kept && fields.some(value)) event.preventDefault(); });
  }
  let open = [];
  addEventListener('beforeprint', () => {
    open = all('details:not([open],.screen-only,.screen-only *)');
    open.forEach(part => { part.open = true; });
  });
  addEventListener('afterprint', () => open.forEach(part => { part.open = false; }));
})();
"""

SCRIPT = "\n".join(line.strip() for line in _WRITTEN.splitlines())
"""The page's Content-Security-Policy allows this text only, by its hash."""
