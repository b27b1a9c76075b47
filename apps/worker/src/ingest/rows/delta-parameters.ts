import { textArray, uuidArray } from '#batch';
import type { BinaryParameter } from '#database';
import type { DeltasByOrganization, OrganizationDelta } from '#rollups';

/** Parameters to insert deltas: one row per organization and type, then one per organization with activity. */
export function deltaParameters(deltas: DeltasByOrganization): BinaryParameter[] {
  const series = [...deltas].flatMap(([organizationId, { types }]) =>
    [...types].map(([type, rows]) => ({ organizationId, type, rows: JSON.stringify(rows) })),
  );
  const active = [...deltas].filter(([, delta]) => hasActivity(delta));
  return [
    uuidArray(series.map(({ organizationId }) => organizationId)),
    textArray(series.map(({ type }) => type)),
    jsonArray(series.map(({ rows }) => rows)),
    uuidArray(active.map(([organizationId]) => organizationId)),
    jsonArray(active.map(([, { sessions }]) => JSON.stringify(sessions))),
    jsonArray(active.map(([, { userDays }]) => jsonLines(userDays))),
  ];
}

/**
 * A list with a line for each entry: most are repeated by many transactions, and queries drop equal lines before they parse
 * them. JSON has no line breaks within texts.
 */
const jsonLines = (entries: readonly object[]) =>
  `[${entries.map((entry) => JSON.stringify(entry)).join('\n,')}]`;

const jsonArray = (documents: readonly string[]) => textArray(documents, 'json');

const hasActivity = ({ sessions, userDays }: OrganizationDelta) => sessions.length > 0 || userDays.length > 0;
