// Compacts all that stands in a database, in a process of its own.
const dist = new URL('../../dist/libs/', import.meta.url);
const from = (lib) => import(new URL(`${lib}/index.js`, dist));
const [{ createPool }, { Compactor }] = [await from('database'), await from('rollups')];
const pool = createPool({ databaseUrl: process.argv[2], role: 'worker', size: 1 });
await new Compactor(pool).compactAll();
await pool.end();
