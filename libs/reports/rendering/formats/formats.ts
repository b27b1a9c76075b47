export { csv } from './csv.format.js';
export { html } from './html.format.js';
export { json } from './json.format.js';
export { xlsx } from './xlsx.format.js';
