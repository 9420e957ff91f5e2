// Runs before the first paint so that a remembered theme never flashes; a file of its own because the page's CSP allows no inline script.
(() => {
  try {
    const theme = localStorage.getItem('chat.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be forbidden; the system's theme then applies.
  }
})();
