interface Settings {
  checkSettings(env: NodeJS.ProcessEnv): Promise<void>;
}

const modulePath = '../../bin/start/settings.mjs';
const check = async (env: NodeJS.ProcessEnv) => ((await import(modulePath)) as Settings).checkSettings(env);

describe('the settings of `npm start`', () => {
  it('are all reported in one message, including the port', async () => {
    const faulty = { PORT: 'abc', JWT_SECRET: 'short', LOG_LEVEL: 'loud' };
    const message = await check(faulty).catch((error: Error) => error.message);
    for (const name of Object.keys(faulty)) expect(message).toContain(name);
    expect(message).toContain('(got "abc")');
    expect(message).not.toMatch(/short"|DATABASE_URL/);
  });

  it('need no DATABASE_URL', async () => {
    await check({});
    await check({ DATABASE_URL: '', PORT: '' });
    await expect(check({ DATABASE_URL: 'nowhere' })).rejects.toThrow(/DATABASE_URL/);
  });
});
