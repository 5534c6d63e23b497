/* 并联看板: the arrow keys go along who waits for whom, up and down within a column. Everything else is links.
   What refreshes itself waits while somebody is about to remind a department. */
(() => {
  const STEPS = { ArrowRight: 'flowBehind', ArrowLeft: 'flowBefore' };
  const spots = () => [...document.querySelectorAll('[data-flow]')];
  const place = spot => spot.getBoundingClientRect();
  const beside = (spot, step) => {
    const column = spots().filter(other => Math.abs(place(other).left - place(spot).left) < 4).sort((a, b) => place(a).top - place(b).top);
    return column[column.indexOf(spot) + step];
  };
  const go = spot => {
    if (!spot) return;
    spot.focus();
    spot.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  };
  addEventListener('keydown', event => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest('input,textarea,select,dialog')) return;
    const arrow = /^Arrow/.test(event.code);
    if (!arrow || !document.querySelector('[data-flow]')) return;
    const spot = event.target.closest('[data-flow]');
    if (!spot) { /* from the top of the page the first key enters the drawing */
      if (event.target !== document.body || !STEPS[event.code]) return;
      event.preventDefault();
      return go(spots()[0]);
    }
    event.preventDefault();
    if (event.code === 'ArrowUp' || event.code === 'ArrowDown') return go(beside(spot, event.code === 'ArrowUp' ? -1 : 1));
    const next = (spot.dataset[STEPS[event.code]] || '').split(' ')[0];
    if (next) go(document.querySelector(`[data-flow="${CSS.escape(next)}"]`));
  });

  document.addEventListener('htmx:beforeRequest', event => {
    if (event.target.matches('[data-board]') && document.querySelector('#board-side details[open]')) event.preventDefault();
  });
})();
