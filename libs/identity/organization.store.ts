import type { ClientBase, Pool } from 'pg';
import { CANARY_ORGANIZATION, type OrganizationSettings } from './principal.js';

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly settings: OrganizationSettings;
  readonly created_at: Date;
}

const COLUMNS = 'id, name, settings, created_at';

/** SQL for organizations. The client must be in a transaction of the organization concerned. */
export class OrganizationStore {
  constructor(private readonly client: ClientBase) {}

  async insert(id: string, name: string, settings: OrganizationSettings): Promise<Organization> {
    const { rows } = await this.client.query<Organization>(
      `INSERT INTO organizations (id, name, settings) VALUES ($1, $2, $3) RETURNING ${COLUMNS}`,
      [id, name, settings],
    );
    return rows[0]!;
  }

  async find(id: string): Promise<Organization | null> {
    const { rows } = await this.client.query<Organization>(
      `SELECT ${COLUMNS} FROM organizations WHERE id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** Reads and locks the row until the transaction ends. */
  async lock(id: string): Promise<Organization | null> {
    const { rows } = await this.client.query<Organization>(
      `SELECT ${COLUMNS} FROM organizations WHERE id = $1 FOR UPDATE`,
      [id],
    );
    return rows[0] ?? null;
  }

  async update(id: string, name: string, settings: OrganizationSettings): Promise<Organization> {
    const { rows } = await this.client.query<Organization>(
      `UPDATE organizations SET name = $2, settings = $3 WHERE id = $1 RETURNING ${COLUMNS}`,
      [id, name, settings],
    );
    return rows[0]!;
  }
}

/** All organizations, the canary's too, oldest first. The connection acts as the worker's role, which sees all of them. */
export async function listAllOrganizations(connection: ClientBase | Pool): Promise<Organization[]> {
  const { rows } = await connection.query<Organization>(
    `SELECT ${COLUMNS} FROM organizations ORDER BY created_at, id`,
  );
  return rows;
}

/** All organizations of people, oldest first. The connection acts as the worker's role. */
export async function listOrganizations(connection: ClientBase | Pool): Promise<Organization[]> {
  return (await listAllOrganizations(connection)).filter(({ id }) => id !== CANARY_ORGANIZATION);
}
