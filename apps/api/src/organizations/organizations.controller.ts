import { Controller, Get, Param, Patch, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { Environment } from '#config';
import { type Organization, OrganizationAdministration, type Principal } from '#identity';
import { Authenticator } from '../auth/authenticator.js';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest, actorOf } from '../http/authenticated-request.js';
import { readBody } from '../http/input/read-body.js';
import { Answers } from '../http/openapi/answers.js';
import { Problem } from '../http/problem.js';
import { OrganizationWarnings } from './organization-warnings.read-model.js';
import { NewOrganizationBody, OrganizationChangeBody, type SettingsBody } from './organizations.body.js';
import { newOrganizationSchema, organizationSchema } from './organizations.schema.js';
import { retentionFaults } from './retention-faults.js';

/** Settings that only the operator may change. */
const OPERATOR_SETTINGS = ['rate_limits', 'max_series_per_type'] as const;

@ApiTags('administration')
@Controller('v1/organizations')
export class OrganizationsController {
  constructor(
    private readonly administration: OrganizationAdministration,
    private readonly warnings: OrganizationWarnings,
    private readonly authenticator: Authenticator,
    private readonly environment: Environment,
  ) {}

  @Post()
  @Requires('operate')
  @ApiOperation({
    summary: 'Creates an organization and its first key, of scope admin, whose text is shown only once.',
  })
  @Answers(201, newOrganizationSchema, 'Created. `api_key` cannot be read again.')
  @ApiBody({ type: NewOrganizationBody, examples: { plain: { value: { name: 'Example' } } } })
  async create(@Req() request: AuthenticatedRequest) {
    const { name, settings } = this.read(NewOrganizationBody, request);
    const created = await this.administration.create(actorOf(request), name, settings);
    return { ...created, warnings: [] };
  }

  @Get(':id')
  @Requires('administer', 'operate')
  @ApiOperation({ summary: 'An organization, for its own admins and the operator.' })
  @Answers(200, organizationSchema, 'The organization.')
  async get(@Req() { principal }: AuthenticatedRequest, @Param('id') id: string) {
    return this.withWarnings(await this.administration.find(visibleId(principal, id)));
  }

  @Patch(':id')
  @Requires('administer', 'operate')
  @ApiOperation({
    summary:
      'Renames an organization or changes settings by name. Settings take effect within 5 seconds on every replica.',
  })
  @Answers(200, organizationSchema, 'The changed organization.')
  @ApiBody({ type: OrganizationChangeBody, examples: { rename: { value: { name: 'Example' } } } })
  async change(@Req() request: AuthenticatedRequest, @Param('id') id: string) {
    const organizationId = visibleId(request.principal, id);
    const change = this.read(OrganizationChangeBody, request);
    assertMayChange(request.principal, change.settings);
    const changed = await this.administration.change(actorOf(request), organizationId, change);
    this.authenticator.forget(organizationId);
    return this.withWarnings(changed);
  }

  private read<T extends object>(shape: new () => T, { body }: AuthenticatedRequest): T {
    const longest = this.environment.EVENT_RETENTION_DAYS;
    return readBody(shape, body, ({ settings }) => retentionFaults(settings, longest));
  }

  private async withWarnings(organization: Organization | null) {
    if (organization === null) throw notFound();
    return { ...organization, warnings: await this.warnings.of(organization.id) };
  }
}

/**
 * The organization id of the path, lower case.
 * @throws Problem 404 when the caller may not see the organization
 */
function visibleId({ permissions, organizationId }: Principal, id: string): string {
  const wanted = id.toLowerCase();
  const isVisible = permissions.has('operate') ? isUUID(wanted) : wanted === organizationId;
  if (!isVisible) throw notFound();
  return wanted;
}

function assertMayChange({ permissions }: Principal, settings: SettingsBody | undefined): void {
  if (permissions.has('operate')) return;
  const denied = OPERATOR_SETTINGS.filter((name) => settings?.[name] !== undefined);
  if (denied.length === 0) return;
  const errors = denied.map((name) => ({
    path: `settings.${name}`,
    message: 'only the operator may set this',
  }));
  throw new Problem(403, 'forbidden', `Only the operator may set ${denied.join(', ')}`, errors);
}

const notFound = () => new Problem(404, 'not_found', 'No such organization');
