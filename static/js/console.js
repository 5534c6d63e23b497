/* The keyboard of the staff screens. Letters are told by event.code, so that an input method in Chinese mode does
   not swallow them; they are ignored in text fields, with Ctrl, Alt or Meta, and when 单键快捷键 is switched off.
   Function keys work everywhere. What a key does is written on the page: it presses the element that carries it. */
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const press = selector => { const target = one(selector); if (target) target.click(); return Boolean(target) };

  /* Lists: rows are looked up afresh, because fragments replace them. */
  const rows = () => all('[data-kb-list] [data-kb-row]');
  const current = () => one('[data-kb-list] [data-kb-row][aria-current]');
  let told;
  const go = row => {
    if (!row) return;
    const before = current();
    if (before) before.removeAttribute('aria-current');
    row.setAttribute('aria-current', 'true');
    const link = one('a', row);
    if (link) link.focus();
    clearTimeout(told);
    told = setTimeout(() => row.dispatchEvent(new Event('row-current')), 200); /* the preview follows a pause, not every step */
  };
  const move = step => {
    const list = rows(), at = list.indexOf(current());
    if (list.length) go(list[Math.min(list.length - 1, Math.max(0, at < 0 ? 0 : at + step))]);
    return list.length > 0;
  };
  const box = row => row && one('input[type=checkbox]', row);
  const counted = () => {
    const chosen = rows().filter(row => box(row) && box(row).checked);
    rows().forEach(row => row.classList.toggle('sel', chosen.includes(row)));
    all('[data-kb-count]').forEach(place => { place.textContent = chosen.length });
    all('[data-kb-batch]').forEach(bar => { bar.hidden = chosen.length === 0 });
  };
  let anchor = null;
  const choose = ranged => {
    const row = current(), list = rows();
    if (!box(row)) return false;
    if (ranged && anchor && list.includes(anchor)) {
      const [from, to] = [list.indexOf(anchor), list.indexOf(row)].sort((a, b) => a - b);
      list.slice(from, to + 1).forEach(each => { if (box(each)) box(each).checked = true });
    } else {
      box(row).checked = !box(row).checked;
      anchor = row;
    }
    counted();
    return true;
  };
  const clear = () => {
    const chosen = rows().filter(row => box(row) && box(row).checked);
    chosen.forEach(row => { box(row).checked = false });
    counted();
    return chosen.length > 0;
  };
  document.addEventListener('change', event => { if (event.target.closest('[data-kb-row]')) counted() });
  document.addEventListener('htmx:load', counted);
  document.addEventListener('click', event => {
    const row = event.target.closest('[data-kb-row]');
    if (row && !event.target.closest('a,button,input,label')) go(row);
  });
  counted();

  /* An act of the current row comes before one of the page. */
  const act = key => {
    const row = current(), mine = row && one(`[data-kb="${key}"]`, row);
    if (mine) { mine.click(); return true }
    const wanted = one(`[data-kb="${key}"]`);
    if (wanted && (!one('[data-kb-list]') || wanted.closest('#preview')) && wanted.matches('button[type=submit]') && document.activeElement !== wanted) {
      wanted.focus(); /* a legal act is never one stray key: the second press, or Enter, does it */
      wanted.scrollIntoView({ block: 'nearest' });
      return true;
    }
    const pressed = press(`[data-kb="${key}"]`);
    const opened = wanted && wanted.closest('details[open]');
    if (opened) { const first = one('form summary, form textarea, form input:not([type=hidden])', opened); if (first) first.focus() }
    return pressed;
  };
  const search = () => { const field = one('[data-kb-search]'); if (field) { field.focus(); field.select() } return Boolean(field) };
  const open = id => { const dialog = document.getElementById(id); if (dialog && !dialog.open) dialog.showModal(); return Boolean(dialog) };

  let going = 0; /* G was pressed: the next letter says where to; on a board, G alone changes the view */
  const ALONE = 450;
  const alone = () => { if (going && one('[data-kb="G"]')) { going = 0; press('[data-kb="G"]') } };
  const ACTS = { KeyE: 'E', KeyC: 'C', KeyT: 'T', KeyW: 'W' };
  const plain = event => {
    if (going && Date.now() - going < 1500) { going = 0; return press(`[data-kb-go="${event.code.slice(3)}"]`) }
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    if (digit) {
      if (one('[data-kb-material]')) return press(event.shiftKey ? `[data-kb-material-left="${digit[1]}"]` : `[data-kb-material="${digit[1]}"]`);
      return press(`[data-kb-tab="${digit[1]}"]`);
    }
    if (event.key === '?') return open('keymap');
    if (ACTS[event.code]) return act(ACTS[event.code]);
    const row = current();
    switch (event.code) {
      case 'KeyJ': case 'ArrowDown': return move(1) || (event.code === 'KeyJ' && press('[data-kb="next"]'));
      case 'KeyK': case 'ArrowUp': return move(-1) || (event.code === 'KeyK' && press('[data-kb="previous"]'));
      case 'BracketRight': return press('[data-kb="next"]');
      case 'BracketLeft': return press('[data-kb="previous"]');
      case 'KeyX': return one('[data-kb-list]') ? choose(event.shiftKey) : press('[data-kb="X"]');
      case 'Slash': return search();
      case 'KeyG': going = Date.now(); setTimeout(alone, ALONE); return true;
      case 'KeyP': if (!act('P')) print(); return true;
      case 'Space': if (row && row.contains(event.target)) { row.dispatchEvent(new Event('row-current')); return true } return false;
      case 'Enter': if (row && event.target === document.body && one('a', row)) { one('a', row).click(); return true } return false;
      default: return false;
    }
  };

  addEventListener('keydown', event => {
    if (event.isComposing || event.keyCode === 229) return;
    if (/^F(2|4|8|9)$/.test(event.key)) { if (press(`[data-kb="${event.shiftKey ? 'Shift ' : ''}${event.key}"]`)) event.preventDefault(); return }
    if (event.ctrlKey && !event.altKey && !event.metaKey) {
      const form = event.target.closest('form') || one('form[data-kb-form]');
      if (event.key === 'Enter' && form && form.matches('[data-kb-form]')) { event.preventDefault(); return form.requestSubmit(one('[data-kb-submit]', form) || undefined) }
      if (event.code === 'KeyS' && press('[data-kb="save"]')) return event.preventDefault();
      if (event.code === 'KeyK' && search()) return event.preventDefault();
    }
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Escape') { if (!one('dialog[open]') && !clear() && !event.target.closest('input,textarea,select')) press('[data-kb="back"]'); return }
    if (event.target.closest('input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable],dialog')) return;
    if (document.documentElement.dataset.singleKeys === 'off') return;
    if (plain(event)) event.preventDefault();
  });
})();

/* Stock phrases: put at the end of the field they belong to, or of the one last worked in; a person reads them first. */
(() => {
  let last = null;
  document.addEventListener('focusin', event => { if (event.target.matches('textarea')) last = event.target });
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-phrase]');
    if (!button) return;
    const form = button.closest('form');
    const field = document.getElementById(button.dataset.phraseFor || '') || (last && form.contains(last) ? last : form.querySelector('details[open] textarea, textarea'));
    if (!field) return;
    const holder = field.closest('details');
    if (holder) holder.open = true;
    field.value = field.value.trim() ? `${field.value.trim()}${button.dataset.phrase}` : button.dataset.phrase;
    field.focus();
  });
  document.addEventListener('change', event => { if (event.target.matches('[data-autosubmit]')) event.target.form.requestSubmit() });
})();
