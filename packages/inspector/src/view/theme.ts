/** Light or dark. In: a select. Out: the scheme of the page, which is the system's until another is chosen; it is kept. */

const KEY = 'gangway-inspector-theme';
const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

/** Null where the page may keep nothing. */
function storage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

function apply(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function themeSwitch(select: HTMLSelectElement): void {
  const kept = themes.find((theme) => theme === storage()?.getItem(KEY)) ?? 'auto';
  select.value = kept;
  apply(kept);
  select.addEventListener('change', () => {
    const theme = themes.find((one) => one === select.value) ?? 'auto';
    apply(theme);
    storage()?.setItem(KEY, theme);
  });
}
