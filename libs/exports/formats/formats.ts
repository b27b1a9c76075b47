/** Every format of exports, one per line. */
export { csv } from './csv.format.js';
export { json } from './json.format.js';
export { ndjson } from './ndjson.format.js';
export { parquet } from './parquet.format.js';
export { xlsx } from './xlsx.format.js';
