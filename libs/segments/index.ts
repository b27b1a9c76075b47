export { closeDay } from './close-day.js';
export { ClosingStore, type Day } from './closing.store.js';
export { DECODED } from './decoded.store.js';
export { SegmentStore } from './segment.store.js';
