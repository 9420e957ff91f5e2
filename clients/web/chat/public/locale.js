// Runs before the first paint, so that the page never turns its direction; a file of its own because the page's CSP allows no inline script.
(() => {
  const spoken = { en: 'ltr', ar: 'rtl', ja: 'ltr' };
  let chosen = null;
  try {
    chosen = localStorage.getItem('chat.language');
  } catch {
    // Storage may be forbidden; the browser's languages then apply.
  }
  const word = (tag) => tag.split('-')[0].toLowerCase();
  const tags = navigator.languages.filter((tag) => Object.hasOwn(spoken, word(tag)));
  const tag = Object.hasOwn(spoken, chosen) ? (tags.find((one) => word(one) === chosen) ?? chosen) : (tags[0] ?? 'en');
  document.documentElement.lang = tag;
  document.documentElement.dir = spoken[word(tag)];
  const words = document.currentScript.dataset[word(tag)]; // where the build has put them
  if (words) document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href: words }));
})();
