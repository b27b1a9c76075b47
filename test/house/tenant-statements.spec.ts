import { type SourceFile, sourceFiles } from './source-file.js';
import { sqlTexts } from './sql-texts.js';
import { unnamedTables } from './tenant-statements.js';
import { tenantTables } from './tenant-tables.js';

/** Statements about all organizations at once, by file and name, and why. */
const ABOUT_ALL: Readonly<Record<string, string>> = {
  'apps/cli/src/event-views/event-view.store.ts eventView':
    'a view shows its reader what row-level security lets the reader see',
  'apps/worker/src/alerts/evaluation/alerts.store.ts open': 'workers evaluate the rules of all organizations',
  'apps/worker/src/alerts/evaluation/alerts.store.ts silences':
    'workers evaluate the rules of all organizations',
  'apps/worker/src/alerts/evaluation/rules.store.ts enabledRules':
    'workers evaluate the rules of all organizations',
  'apps/worker/src/alerts/sending/notifications.store.ts take': 'workers send what is due, of anybody',
  'apps/worker/src/organizations/organizations.store.ts organizationsAfter':
    'workers compute the metrics of one organization after the other',
  'apps/worker/src/report-mails/claimed-mails.store.ts claim':
    'workers send the mail that has waited longest, of anybody',
  'apps/worker/src/erasure/erasure.store.ts nextErasure': 'workers process the oldest request of all',
  'apps/worker/src/health/reads/dead-letters.read-model.ts deadLetterRows':
    'the health of the installation: how many dead letters there are, of anybody',
  'apps/worker/src/health/reads/held-up-mails.read-model.ts heldUpMails':
    'the health of the installation: whether the mail server takes mail, of anybody',
  'apps/worker/src/health/reads/ledger.read-model.ts FIGURES':
    'the health of the installation: what all organizations sent balances',
  'libs/exports/jobs/written-export.store.ts removeExpired': 'workers remove the expired exports of all',
  'libs/identity/organization.store.ts listAllOrganizations':
    '`millrace org list` and retention go through all of them',
  'libs/retention/days/event-day.store.ts COUNT_GONE': 'a day is dropped for all organizations at once',
  'libs/retention/days/event-day.store.ts events':
    'a dry run counts the events of a day of all organizations',
  'libs/retention/horizons/horizon.store.ts all': 'retention is enforced for all organizations',
  ...Object.fromEntries(
    ['allKeys', 'delete', 'expired', 'keys', 'survey'].map((name) => [
      `libs/retention/rows/expired-rows.store.ts ${name}`,
      'the table is that of a rule; the first column of its keys is the organization, and retention.test checks it',
    ]),
  ),
  'libs/segments/closing.store.ts nextOrganization': 'a day is closed for one organization after the other',
  'libs/segments/closing.store.ts forgetRowBlocks': 'a closed day needs no filters for its rows',
  'libs/segments/closing.store.ts truncate': 'a partition is emptied when no organization has rows in it',
  'libs/rollups/compaction/compaction.store.ts listDeltaGroups':
    'workers compact the largest groups of any organization',
};
/** `verify` recounts the whole database, as its owner. */
const VERIFY = 'apps/cli/src/verify/';

const tables = tenantTables();
const stores = sourceFiles().filter(
  ({ path }) => /\.(store|read-model)\.ts$/.test(path) && !path.startsWith(VERIFY),
);

const breaches = (file: SourceFile) =>
  sqlTexts(file).flatMap(({ name, text }) =>
    unnamedTables(text, tables).map((table) => ({ statement: `${file.path} ${name}`, table })),
  );

/** Conditions on the organization, and its column in the list of an INSERT. */
const NAMES = [
  /\b(?:\w+\.)?organization_id = (?:\$\d+|\w+\.organization_id)/g,
  /\bid = \$1\b/g,
  /(?<=INSERT INTO \w+(?: AS \w+)?\s\()organization_id, /g,
];

/** Every store with one of its conditions on the organization removed. */
function mutations() {
  return stores.flatMap((file) =>
    NAMES.flatMap((pattern) => [...file.text.matchAll(pattern)]).map((match) => {
      const before = file.text.slice(0, match.index);
      const replacement = match[0].endsWith(', ') ? '' : 'true';
      return {
        file,
        text: before + replacement + file.text.slice(match.index + match[0].length),
        place: `${match[0]} in ${file.path}:${before.split('\n').length}`,
      };
    }),
  );
}

describe('statements on tenant tables', () => {
  it('name the organization, except those listed as about all of them', () => {
    const unexpected = stores.flatMap(breaches).filter(({ statement }) => !(statement in ABOUT_ALL));
    expect(unexpected).toEqual([]);
  });

  it('are about all organizations only if they are listed here', () => {
    const found = new Set(stores.flatMap(breaches).map(({ statement }) => statement));
    expect([...found].sort()).toEqual(Object.keys(ABOUT_ALL).sort());
  });

  it.each(mutations())('are reported without $place', ({ file, text }) => {
    expect(breaches({ ...file, text }).length).toBeGreaterThan(breaches(file).length);
  });
});
