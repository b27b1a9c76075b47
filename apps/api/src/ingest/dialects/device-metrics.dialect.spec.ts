import { decodeAll, decodeOne, plain } from '../../../../../test/support/ingest-request.js';
import { deviceMetricDialect, deviceMetricsBatchDialect } from './device-metrics.dialect.js';

const reading = { device_name: 'web-1', metric_name: 'cpu', value: 41.5 };

describe('POST /api/v1/aggregator/metrics', () => {
  it('maps a reading, without a user', () => {
    const event = decodeOne(deviceMetricDialect, {
      ...reading,
      unit: null,
      timestamp: '2026-11-22T09:00:00Z',
      metadata: { rack: 4 },
    });
    expect(plain(event)).toEqual({
      type: 'device_metric',
      ts: '2026-11-22T09:00:00Z',
      payload: { ...reading, metadata: { rack: 4 } },
    });
    expect(deviceMetricDialect.clientPath!('/payload/value', event)).toBe('/value');
    expect(deviceMetricDialect.clientPath!('/ts', event)).toBe('/timestamp');
  });
});

describe('POST /api/v1/aggregator/metrics/batch', () => {
  it.each([
    ['an array', [reading, reading]],
    ['an envelope', { metrics: [reading, reading] }],
  ])('accepts %s', (_what, body) => {
    expect(decodeAll(deviceMetricsBatchDialect, body).map(plain)).toEqual(
      Array(2).fill({ type: 'device_metric', payload: reading }),
    );
  });

  it('refuses an empty envelope', () => {
    expect(() => decodeAll(deviceMetricsBatchDialect, { metrics: [] })).toThrow(
      expect.objectContaining({ status: 400, code: 'no_events' }),
    );
  });
});
