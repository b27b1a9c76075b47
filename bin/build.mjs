import './checkout/node-version.mjs';

const { build } = await import('./build/compile.mjs');
await build();
