import type { Pool, PoolClient } from 'pg';
import { inTenant, readerRole } from '#database';
import { type Actor, OrganizationStore, recordAct } from '#identity';
import { UsageError } from '../arguments/usage-error.js';
import { closeDoors } from './doors.store.js';
import { actAs, ReaderStore } from './reader.store.js';

/** A reader that was just created. */
export interface NewReader {
  readonly role: string;
  /** Databases of the server that it may connect to besides this one. */
  readonly otherDatabases: readonly string[];
}

/** Creates and drops the roles with which organizations read in SQL, each with an audit log entry. */
export class SqlAccessAdministration {
  /** @param pool acts as the owner of the database */
  constructor(private readonly pool: Pool) {}

  /**
   * @param verifier of the role's password, as PostgreSQL stores it
   * @returns null when the organization does not exist
   * @throws UsageError when it has SQL access already, or when a superuser has to prepare the database first
   */
  create(actor: Actor, organizationId: string, verifier: string): Promise<NewReader | null> {
    return this.act(actor, organizationId, 'sql_access.create', async (client) => {
      const store = new ReaderStore(client, organizationId);
      if (await store.exists()) {
        throw new UsageError(`The organization has SQL access already. Revoke it first.`);
      }
      await closeDoors(client);
      await store.create(verifier);
      return { role: store.role, otherDatabases: await store.otherDatabases() };
    });
  }

  /** @returns null when the organization does not exist or has no SQL access */
  revoke(actor: Actor, organizationId: string): Promise<true | null> {
    return this.act(actor, organizationId, 'sql_access.revoke', async (client) => {
      const store = new ReaderStore(client, organizationId);
      if (!(await store.exists())) return null;
      await store.drop();
      return true;
    });
  }

  /** Runs `work` as the owner. Organization and audit log are behind a wall that only the API's role can pass. */
  private act<T>(
    actor: Actor,
    organizationId: string,
    action: string,
    work: (client: PoolClient) => Promise<T | null>,
  ): Promise<T | null> {
    return inTenant(this.pool, organizationId, async (client) => {
      await actAs(client, 'api');
      if (!(await new OrganizationStore(client).find(organizationId))) return null;
      await actAs(client, 'owner');
      const result = await work(client);
      if (result === null) return null;
      await actAs(client, 'api');
      await recordAct(client, actor, organizationId, action, { role: readerRole(organizationId) });
      return result;
    });
  }
}
