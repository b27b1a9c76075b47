import { patchSettings } from './settings-patch.js';

const settings = { allowed_event_types: ['page_view'], rate_limits: { single: 10, read: 5 } };

describe('a settings patch', () => {
  it('sets the named settings and keeps the rest', () => {
    expect(patchSettings(settings, { anonymize_user_ids: true, rate_limits: { single: 0 } })).toEqual({
      ...settings,
      anonymize_user_ids: true,
      rate_limits: { single: 0, read: 5 },
    });
  });

  it('replaces a list as a whole', () => {
    expect(patchSettings(settings, { allowed_event_types: [] })).toEqual({
      ...settings,
      allowed_event_types: [],
    });
  });

  it('removes settings that are null, at any depth', () => {
    expect(patchSettings(settings, { allowed_event_types: null, rate_limits: { single: null } })).toEqual({
      rate_limits: { read: 5 },
    });
    expect(patchSettings({}, { rate_limits: { single: null, batch: 1 } })).toEqual({
      rate_limits: { batch: 1 },
    });
  });

  it('ignores undefined settings, and does not modify its input', () => {
    expect(patchSettings(settings, { rate_limits: undefined, allowed_event_types: undefined })).toEqual(
      settings,
    );
    patchSettings(settings, { rate_limits: { single: 99 } });
    expect(settings.rate_limits.single).toBe(10);
  });
});
