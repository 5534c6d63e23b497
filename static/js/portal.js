/* The application form: saves by itself, and tells how far an upload is. Without this file the buttons do the same. */
(() => {
  const form = document.querySelector('form[data-autosave]');
  if (form) {
    const PAUSE = 2000; /* milliseconds after the last key */
    let timer, changed = false;
    const save = () => {
      clearTimeout(timer);
      if (!changed || form.dataset.sent) return;
      changed = false;
      htmx.trigger(form, 'autosave');
    };
    form.addEventListener('input', event => {
      if (event.target.type === 'file') return;
      changed = true;
      clearTimeout(timer);
      timer = setTimeout(save, PAUSE);
    });
    document.addEventListener('visibilitychange', () => { if (document.hidden) save() });
    addEventListener('online', save); /* what could not be sent while the network was down */
    form.addEventListener('htmx:configRequest', event => {
      if (event.target !== form) return;
      event.detail.parameters.autosave = '1';
    });
    form.addEventListener('htmx:sendError', () => { changed = true });
    /* with script every file goes up as it is chosen: the button for all of them is not needed */
    document.querySelectorAll('.no-js-upload').forEach(place => { place.hidden = true });
  }

  /* A file that is too big is told before it is sent; the one on the page stays. */
  document.addEventListener('change', event => {
    const input = event.target.closest('input[type=file][data-max-bytes]');
    const file = input && input.files[0];
    if (!file || file.size <= Number(input.dataset.maxBytes)) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    input.value = '';
    const size = Math.ceil(file.size / 1024 / 1024);
    tell(input, `“${file.name}”有 ${size} MB，超过 20 MB。照片选“中等大小”，扫描件降低分辨率或拆成几份再传。`);
  }, true);
  const tell = (input, words) => {
    let place = input.closest('.mat,.answer-material').querySelector('[data-told]');
    if (!place) {
      place = document.createElement('p');
      place.className = 'err-line';
      place.dataset.told = '';
      place.setAttribute('role', 'alert');
      input.closest('.drop').before(place);
    }
    place.textContent = words;
  };

  const bar = event => { const input = event.target.closest && event.target.closest('[data-upload]'); return input && input.closest('.mat,.answer-material').querySelector('.upload-progress') };
  document.addEventListener('htmx:xhr:loadstart', event => { const place = bar(event); if (place) place.hidden = false });
  document.addEventListener('htmx:xhr:progress', event => {
    const place = bar(event);
    if (!place || !event.detail.lengthComputable) return;
    const percent = Math.round(event.detail.loaded / event.detail.total * 100);
    place.querySelector('rect').setAttribute('width', `${percent}%`);
    place.querySelector('[data-percent]').textContent = `正在上传 ${percent}%`;
  });
  const gone = event => {
    const place = bar(event);
    if (!place) return;
    place.hidden = true;
    tell(event.target, '上传中断了，文件没有传完。请重新选一次，别的内容都在。');
  };
  document.addEventListener('htmx:sendError', gone);
  document.addEventListener('htmx:xhr:abort', gone);
})();
