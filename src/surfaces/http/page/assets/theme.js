/** Dark or light: as the system has it, until somebody chooses. */
const KEY = 'runsight.theme';
const system = matchMedia('(prefers-color-scheme: dark)');

export const theme = () => localStorage.getItem(KEY) ?? (system.matches ? 'dark' : 'light');

export function applyTheme() {
  document.documentElement.dataset.theme = theme();
}
system.addEventListener('change', applyTheme);

export function turnTheme() {
  localStorage.setItem(KEY, theme() === 'dark' ? 'light' : 'dark');
  applyTheme();
}
