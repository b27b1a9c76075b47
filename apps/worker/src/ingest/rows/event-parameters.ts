import { binaryArray, int4Array, ROW_COLUMNS, type RowColumn, timestamptzArray, uuidArray } from '#batch';
import type { BinaryParameter } from '#database';
import type { SelectedEvents } from './pending-batch.js';

/** Parameters to insert events: organizations, instants of receipt, row columns, type revisions. */
export function eventParameters(selection: readonly SelectedEvents[]): BinaryParameter[] {
  const columns = Object.keys(ROW_COLUMNS) as RowColumn[];
  return [
    organizations(selection),
    timestamptzArray(
      selection.map(({ batch }) => batch.encoded.receivedAt),
      selection.map(({ events }) => events.length),
    ),
    ...columns.map((name) => rowColumn(name, selection)),
    int4Array(selection.flatMap(typeRevisions)),
  ];
}

/** Parameters to look up events by their key: organizations, instants, ids. */
export function eventKeyParameters(selection: readonly SelectedEvents[]): BinaryParameter[] {
  return [organizations(selection), rowColumn('ts', selection), rowColumn('id', selection)];
}

/** Parameters to check horizons: for each batch with events, the organization and the first instant. */
export function firstInstantParameters(selection: readonly SelectedEvents[]): BinaryParameter[] {
  const some = selection.filter(({ events }) => events.length > 0);
  return [
    uuidArray(some.map(({ batch }) => batch.encoded.organizationId)),
    timestamptzArray(some.map(firstInstant)),
  ];
}

function firstInstant({ batch, events }: SelectedEvents): number {
  const instants = batch.reader.instants();
  return events.reduce((first, i) => Math.min(first, instants[i]!), Number.POSITIVE_INFINITY);
}

const organizations = (selection: readonly SelectedEvents[]) =>
  uuidArray(
    selection.map(({ batch }) => batch.encoded.organizationId),
    selection.map(({ events }) => events.length),
  );

const rowColumn = (name: RowColumn, selection: readonly SelectedEvents[]) =>
  binaryArray(
    ROW_COLUMNS[name],
    selection.reduce((sum, { events }) => sum + events.length, 0),
    selection.flatMap(({ batch, events }) => batch.reader.elements(name, events)),
  );

/** The revision of its type that each event was counted by; null for a built-in type. */
function typeRevisions({ batch, events }: SelectedEvents): (number | null)[] {
  const { series } = batch.encoded;
  if (series.every(({ typeRevision }) => typeRevision === undefined)) {
    return new Array<null>(events.length).fill(null);
  }
  const indexes = batch.reader.seriesIndexes();
  return events.map((i) => series[indexes[i]!]!.typeRevision ?? null);
}
