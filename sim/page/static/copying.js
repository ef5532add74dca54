// Text to the clipboard, by a button that says so.

import { trouble } from './asking.js';

const TOLD = 1500; // milliseconds

export async function copied(button, text) {
  const name = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = name; }, TOLD);
  } catch {
    trouble(text); // no permission: show it, to be copied by hand
  }
}
