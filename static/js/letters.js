/* One key prints the letter: the frame already holds it. Where a browser shows no PDF in a frame, the link opens it. */
(() => {
  document.addEventListener('click', event => {
    const link = event.target.closest('[data-print-frame]');
    const frame = link && document.getElementById(link.dataset.printFrame);
    if (!frame) return;
    try {
      if (!frame.contentWindow.document.contentType.includes('pdf')) return; /* a viewer of its own: the link goes there */
      event.preventDefault();
      frame.contentWindow.focus();
      frame.contentWindow.print();
    } catch { /* the viewer does not let itself be printed from here: the link opens the letter */ }
  });
})();
