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

  it('converts numbers, lists and booleans, and treats an empty variable as absent', () => {
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

  it('accepts proxies by address, subnet or name, but none that covers every address', () => {
    const load = (TRUST_PROXY: string) => loadEnvironment({ ...minimal, TRUST_PROXY }).TRUST_PROXY;
    const good = ['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', 'loopback', 'linklocal', 'uniquelocal'];
    expect(load(good.join(', '))).toEqual(good);
    expect(load('')).toEqual([]);
    const bad = ['true', '1', '*', 'proxy.internal', '10.0.0', '10.0.0.0/33', '0.0.0.0/0', '::/0', '::1/129'];
    for (const item of [...bad, '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/255.0.0.0', '10.0.0.1,']) {
      expect(() => load(item)).toThrow(/TRUST_PROXY must be/);
    }
  });

  it('accepts addresses and subnets that alerts may be posted to, but no names', () => {
    const load = (list: string) => loadEnvironment({ ...minimal, WEBHOOK_ALLOWED_ADDRESSES: list });
    const good = ['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'];
    expect(load(good.join(', ')).WEBHOOK_ALLOWED_ADDRESSES).toEqual(good);
    expect(load('').WEBHOOK_ALLOWED_ADDRESSES).toEqual([]);
    for (const bad of ['loopback', 'hooks.internal', '10.0.0.0/33', '0.0.0.0/0'])
      expect(() => load(bad)).toThrow(/WEBHOOK_ALLOWED_ADDRESSES must be/);
  });

  it('accepts IPv4 and IPv6 addresses for every host', () => {
    for (const HOST of ['127.0.0.1', '0.0.0.0', '::1', '::', 'fe80::1%eth0', 'localhost', 'api.internal'])
      expect(loadEnvironment({ ...minimal, HOST }).HOST).toBe(HOST);
    for (const HOST of ['[::1]', '[::1]:3000', '127.0.0.1:3000', '256.0.0.1', 'http://localhost', 'a b', '-'])
      expect(() => loadEnvironment({ ...minimal, HOST })).toThrow(/HOST must be an IP address/);
    const urls = {
      DATABASE_URL: 'postgresql://millrace:secret@[::1]:5432/millrace',
      REDIS_URL: 'rediss://user:secret@[2001:db8::1]:6379/1',
      JWKS_URL: 'http://[::1]:8080/keys',
    };
    expect(loadEnvironment(urls)).toMatchObject(urls);
  });

  /** The faults reported, by variable name. */
  const faultsOf = (variables: NodeJS.ProcessEnv): Record<string, string> => {
    try {
      loadEnvironment(variables);
      return {};
    } catch (error) {
      if (!(error instanceof InvalidEnvironment)) throw error;
      return Object.fromEntries(error.faults.map((fault) => [fault.split(' ')[0]!, fault]));
    }
  };

  it('reports all faults together, with the given values', () => {
    const given = {
      PORT: 'http',
      MAX_BATCH_SIZE: '1e9',
      ANONYMIZE_USER_IDS: 'perhaps',
      AGGREGATION_WINDOWS: '1m,2m',
      LOG_LEVEL: 'loud',
      CORS_ORIGINS: '*',
    };
    const faults = faultsOf({ ...given, JWT_SECRET: 'short' });
    expect(Object.keys(faults).sort()).toEqual(['DATABASE_URL', 'JWT_SECRET', ...Object.keys(given)].sort());
    for (const [name, value] of Object.entries(given)) {
      expect(faults[name]).toMatch(/^[A-Z_]+ must (not )?be .+ \(got ".+"\)$/);
      expect(faults[name]).toContain(`(got ${JSON.stringify(value)})`);
    }
    expect(faults.DATABASE_URL).toMatch(/\(got nothing\)$/);
  });

  it('reports each setting only once', () => {
    const { faults } = (() => {
      try {
        return loadEnvironment({ ...minimal, PORT: 'abc', MAX_BATCH_SIZE: '0.5' }) as never;
      } catch (error) {
        return error as InvalidEnvironment;
      }
    })();
    expect(faults).toHaveLength(2);
  });

  it('keeps secrets, and URLs that may contain one, out of the message', () => {
    const secret = 'hunter2';
    const names = [
      ...['DATABASE_URL', 'REDIS_URL', 'JWKS_URL'],
      ...['JWT_SECRET', 'JWT_PUBLIC_KEY', 'ADMIN_TOKEN', 'METRICS_TOKEN'],
    ];
    const faults = faultsOf(Object.fromEntries(names.map((name) => [name, secret])));
    expect(Object.keys(faults).sort()).toEqual([...names].sort());
    for (const fault of Object.values(faults)) {
      expect(fault).not.toContain(secret);
      expect(fault).toMatch(/\(got 7 characters\)$/);
    }
  });
});
