export { closeDay } from './close-day.js';
export { ClosingStore, type Day } from './closing.store.js';
export { DECODED } from './decoded.store.js';
export { type FilterOptions, filterRows } from './filter-rows.js';
export { SegmentStore } from './segment.store.js';
