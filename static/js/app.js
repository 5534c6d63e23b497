/* Progressive enhancement for every page. Each of them works without this file. */
(() => {
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const cookie = name => (document.cookie.split('; ').find(pair => pair.startsWith(name + '=')) || '').slice(name.length + 1);
  const post = (url, body) => fetch(url, { method: 'POST', body, headers: { 'X-CSRFToken': cookie('csrftoken') }, credentials: 'same-origin' });

  /* Display: a theme changes at once, the server keeps it in a cookie. The mode reloads, since its pages differ. */
  document.addEventListener('submit', event => {
    const button = event.submitter;
    if (!event.target.matches('[data-display]') || !button || button.name !== 'theme') return;
    event.preventDefault();
    const theme = button.value;
    if (theme) root.dataset.theme = theme; else delete root.dataset.theme;
    all('[data-set]').forEach(other => {
      const on = other.dataset.set === theme;
      other.setAttribute('aria-pressed', String(on));
      other.value = on ? '' : other.dataset.set;
    });
    const body = new FormData(event.target);
    body.set('theme', theme);
    post(event.target.action, body);
    dispatchEvent(new Event('themechange'));
  });

  /* The token of the cookie is the newest one: another tab may have signed in since this page was made. */
  document.addEventListener('htmx:configRequest', event => { event.detail.headers['X-CSRFToken'] = cookie('csrftoken') });

  /* Send once: the button says so, and a second press does nothing until the answer is here. */
  const rest = form => {
    delete form.dataset.sent;
    all('[aria-disabled="true"][data-words]', form).forEach(button => {
      button.removeAttribute('aria-disabled');
      button.textContent = '';
      button.append(...(button.kept || []));
      delete button.dataset.words;
    });
  };
  const busy = (form, button) => {
    form.dataset.sent = 'true';
    if (!button || button.dataset.words) return;
    button.kept = [...button.childNodes];
    button.dataset.words = 'kept';
    button.setAttribute('aria-disabled', 'true');
    button.textContent = button.dataset.busy || '正在提交…';
  };
  document.addEventListener('submit', event => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== 'post' || form.matches('[data-display]')) return;
    if (form.dataset.sent) return event.preventDefault();
    const token = form.querySelector('input[name=csrfmiddlewaretoken]');
    if (token && cookie('csrftoken')) token.value = cookie('csrftoken');
    if (form.hasAttribute('hx-post') && !form.hasAttribute('hx-trigger')) return; /* htmx sends it */
    const button = event.submitter;
    setTimeout(() => busy(form, button)); /* after the browser has taken the name and value of the button */
  });
  const sender = event => { const form = event.target.closest('form'); return form && event.detail.requestConfig && event.detail.requestConfig.triggeringEvent && event.detail.requestConfig.triggeringEvent.type === 'submit' ? form : null };
  document.addEventListener('htmx:beforeRequest', event => {
    const form = sender(event);
    if (!form) return;
    if (form.dataset.sent) return event.preventDefault();
    busy(form, event.detail.requestConfig.triggeringEvent.submitter);
  });
  document.addEventListener('htmx:afterRequest', event => { const form = event.target.closest && event.target.closest('form'); if (form) rest(form) });
  addEventListener('pageshow', event => { if (event.persisted) all('form[data-sent]').forEach(rest) });
  document.addEventListener('click', event => { if (event.target.closest('[aria-disabled="true"]')) event.preventDefault() });

  /* What went wrong comes first: a page or fragment with an error summary gets the focus there. */
  const focusOn = within => { const target = within.querySelector('[data-focus]'); if (target) target.focus() };
  focusOn(document);
  document.addEventListener('htmx:load', event => { if (event.target !== document.body) focusOn(event.target) });

  /* Toasts: six seconds, unless somebody is reading. They are never the only record. */
  const toasts = document.getElementById('toasts');
  const fade = toast => {
    let timer;
    const start = () => { timer = setTimeout(() => toast.remove(), 6000) };
    toast.addEventListener('mouseenter', () => clearTimeout(timer));
    toast.addEventListener('mouseleave', start);
    start();
  };
  const say = (words, bad) => {
    const toast = document.createElement('div');
    toast.className = bad ? 'toast toast-bad' : 'toast';
    toast.textContent = words;
    toasts.append(toast);
    fade(toast);
  };
  all('[data-toast]').forEach(fade);
  document.addEventListener('toast', event => say(event.detail.value, event.detail.bad));

  /* A fragment that cannot be had breaks nothing else: the page says what happened and lives on. */
  const FAILURES = {
    401: '登录已过期。请在新窗口登录，再回到这一页继续，内容还在。', 403: '您没有权限做这一步。', 404: '没有找到，可能刚刚被移走，请刷新页面。',
    413: '文件太大，请压缩后再传。', 429: '操作太快了，请稍等一分钟再试。', 503: '系统正在维护，请稍后再试。',
  };
  document.addEventListener('htmx:responseError', event => say(FAILURES[event.detail.xhr.status] || '没有成功，请再试一次。', true));
  document.addEventListener('htmx:sendError', () => say('网络断了。您填的内容还在这一页，连上后再试一次。', true));

  /* Dialogs and small menus. */
  document.addEventListener('click', event => {
    const opener = event.target.closest('[data-opens]');
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog && dialog.showModal) { event.preventDefault(); dialog.showModal() }
    if (event.target.closest('[data-closes]')) event.target.closest('dialog').close();
    all('details.p-menu[open],details.c-menu[open]').forEach(menu => { if (!menu.contains(event.target)) menu.open = false });
    if (event.target.closest('[data-print]')) print();
  });
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    all('details.p-menu[open],details.c-menu[open]').forEach(menu => { menu.open = false; menu.querySelector('summary').focus() });
  });

  /* Five minutes before the session ends: 继续办 is the default. Tabs tell one another. */
  const seconds = Number(document.body.dataset.sessionSeconds);
  const dialog = document.getElementById('session-dialog');
  if (seconds && dialog && dialog.showModal) {
    const WARN = 300, GRAIN = 60; /* the server moves the end ahead once a minute */
    let ends, warning;
    const plan = left => {
      ends = Date.now() + left * 1000;
      clearTimeout(warning);
      warning = setTimeout(warn, Math.max((left - WARN - GRAIN) * 1000, 0));
    };
    const share = left => { plan(left); try { localStorage.setItem('session-ends', String(Date.now() + left * 1000)) } catch { /* private mode */ } };
    const warn = () => { if (!dialog.open) dialog.showModal(); dialog.querySelector('[data-session-stay]').focus() };
    share(seconds);
    addEventListener('storage', event => {
      if (event.key !== 'session-ends') return;
      plan((Number(event.newValue) - Date.now()) / 1000);
      if (dialog.open && ends - Date.now() > WARN * 1000) dialog.close();
    });
    document.addEventListener('htmx:afterRequest', event => { if (event.detail.successful) share(seconds) });
    dialog.querySelector('[data-session-stay]').addEventListener('click', async () => {
      const answer = await post(document.body.dataset.sessionUrl).catch(() => null);
      dialog.close();
      if (answer && answer.ok && !answer.redirected) { share((await answer.json()).seconds); say('可以继续办了。') }
      else say(FAILURES[401], true);
    });
    dialog.querySelector('[data-session-close]').addEventListener('click', () => dialog.close());
  }

  /* 长辈版: read the page aloud, where the device can. */
  const reader = document.querySelector('[data-read-aloud]');
  if (reader && 'speechSynthesis' in window) {
    reader.hidden = false;
    reader.addEventListener('click', () => {
      if (speechSynthesis.speaking) return speechSynthesis.cancel();
      const words = new SpeechSynthesisUtterance(document.getElementById('main').innerText);
      words.lang = 'zh-CN';
      speechSynthesis.speak(words);
    });
  }
})();
