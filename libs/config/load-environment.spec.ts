import { InvalidEnvironment, loadEnvironment } from './load-environment.js';

const minimal = { DATABASE_URL: 'postgres://millrace@127.0.0.1:5432/millrace' };

describe('loadEnvironment', () => {
  it('fills in the documented defaults', () => {
    expect(loadEnvironment(minimal)).toMatchObject({
      PORT: 3000,
      MAX_BATCH_SIZE: 1000,
      AGGREGATION_WINDOWS: ['1m', '5m', '15m', '1h', '1d'],
      EVENT_RETENTION_DAYS: 90,
      ANONYMIZE_USER_IDS: false,
    });
  });

  it('converts numbers, lists and booleans, and takes an empty variable as absent', () => {
    const environment = loadEnvironment({
      ...minimal,
      PORT: '8080',
      AGGREGATION_WINDOWS: '1m, 1d',
      ANONYMIZE_USER_IDS: 'true',
      MAX_BATCH_SIZE: '',
      CORS_ORIGINS: 'https://app.example.com,http://localhost:5173',
    });
    expect(environment).toMatchObject({
      PORT: 8080,
      AGGREGATION_WINDOWS: ['1m', '1d'],
      ANONYMIZE_USER_IDS: true,
      MAX_BATCH_SIZE: 1000,
      CORS_ORIGINS: ['https://app.example.com', 'http://localhost:5173'],
    });
  });

  it('takes proxies by address, subnet or name, and none that would be everyone', () => {
    const load = (TRUST_PROXY: string) => loadEnvironment({ ...minimal, TRUST_PROXY }).TRUST_PROXY;
    const good = ['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', 'loopback', 'linklocal', 'uniquelocal'];
    expect(load(good.join(', '))).toEqual(good);
    expect(load('')).toEqual([]);
    const bad = ['true', '1', '*', 'proxy.internal', '10.0.0', '10.0.0.0/33', '0.0.0.0/0', '::/0', '::1/129'];
    for (const item of [...bad, '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/255.0.0.0', '10.0.0.1,']) {
      expect(() => load(item)).toThrow(/TRUST_PROXY must be/);
    }
  });

  it('names every fault at once and keeps secrets out of the message', () => {
    const load = () =>
      loadEnvironment({
        PORT: 'http',
        JWT_SECRET: 'hunter2',
        AGGREGATION_WINDOWS: '1m,2m',
        LOG_LEVEL: 'loud',
        CORS_ORIGINS: '*',
      });
    expect(load).toThrow(InvalidEnvironment);
    const message = (() => {
      try {
        return load().LOG_LEVEL;
      } catch (error) {
        return (error as Error).message;
      }
    })();
    for (const name of [
      'DATABASE_URL',
      'PORT',
      'JWT_SECRET',
      'AGGREGATION_WINDOWS',
      'LOG_LEVEL',
      'CORS_ORIGINS',
    ]) {
      expect(message).toContain(name);
    }
    expect(message).not.toContain('hunter2');
  });
});
