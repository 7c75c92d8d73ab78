// The little that every page needs. Loaded before the page is drawn, so that nothing jumps; without it all pages still work.
'use strict';
document.documentElement.classList.add('js');

document.addEventListener('click', event => {
  const button = event.target.closest('[data-toggles]');
  if (!button) return;
  const open = document.getElementById(button.dataset.toggles).classList.toggle('show');
  button.setAttribute('aria-expanded', String(open));
});

document.addEventListener('click', event => {
  if (event.target.closest('[data-print]')) print();
});

document.addEventListener('keydown', event => {
  const button = document.querySelector('[data-toggles][aria-expanded="true"]');
  if (event.key !== 'Escape' || !button) return;
  button.click();
  button.focus();
});

// A swapped page says so to those who cannot see that it changed.
document.addEventListener('htmx:afterSettle', () => {
  document.getElementById('announcement').textContent = document.title;
});
