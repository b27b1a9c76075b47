import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets the API store the reports that people ask for. */
export class ApiReports1797000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      GRANT INSERT (organization_id, kind, period_start, content), UPDATE (content) ON reports TO millrace_api`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('REVOKE INSERT, UPDATE ON reports FROM millrace_api');
  }
}
