import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';

/** A number of days, at most a century. */
const Days =
  (fewest = 1, most = 36_500): PropertyDecorator =>
  (target, name) => {
    for (const decorate of [Type(() => Number), IsInt(), Min(fewest), Max(most)]) decorate(target, name);
  };

/** The database lets workers delete no records that are younger (migration keep-horizons). */
const FEWEST_DAYS_OF_RECORDS = 30;

/** For how many days something is kept. */
export class RetentionSettings {
  /** An organization can keep its own events for less. */
  @Days(1, 3650)
  EVENT_RETENTION_DAYS = 90;

  /** Rollups, sessions and active users. */
  @Days()
  METRICS_RETENTION_DAYS = 365;

  /** Of the windows 1m and 5m, which are 93 % of the rollups of a series that never rests. */
  @Days()
  MINUTE_ROLLUP_RETENTION_DAYS = 90;

  /** Bills are argued with it: three years, after which most claims have lapsed. */
  @Days(FEWEST_DAYS_OF_RECORDS)
  LEDGER_RETENTION_DAYS = 1095;

  @Days(FEWEST_DAYS_OF_RECORDS)
  AUDIT_LOG_RETENTION_DAYS = 1095;

  /** As long as events: a dead letter that is older would be refused when it is sent again. */
  @Days()
  DEAD_LETTER_RETENTION_DAYS = 90;

  @Days()
  JOB_RUN_RETENTION_DAYS = 90;

  @Days()
  HEALTH_CHECK_RETENTION_DAYS = 30;
}
