import { Controller, Get, Param, Patch, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { AdministrationService, type Principal } from '#identity';
import type { AuthenticatedRequest } from '../auth/access.guard.js';
import { Requires } from '../auth/access.js';
import { readBody } from '../input/read-body.js';
import { Problem } from '../problem/problem.js';
import { actorOf } from './actor.js';
import { NewOrganizationBody, OrganizationChangeBody, type SettingsBody } from './organizations.body.js';

/** What the organization gets from the installation, and cannot give itself. */
const OPERATOR_SETTINGS = ['rate_limits'] as const;

@ApiTags('administration')
@Controller('v1/organizations')
export class OrganizationsController {
  constructor(private readonly administration: AdministrationService) {}

  @Post()
  @Requires('operate')
  @ApiOperation({ summary: 'Creates an organization with a first key, of scope admin, that is shown once.' })
  @ApiBody({ type: NewOrganizationBody })
  create(@Req() request: AuthenticatedRequest) {
    const { name, settings } = readBody(NewOrganizationBody, request.body);
    return this.administration.createOrganization(actorOf(request), name, settings);
  }

  @Get(':id')
  @Requires('administer', 'operate')
  @ApiOperation({ summary: 'An organization: of its own administrators, and of the operator.' })
  async get(@Req() { principal }: AuthenticatedRequest, @Param('id') id: string) {
    return found(await this.administration.findOrganization(within(principal, id)));
  }

  @Patch(':id')
  @Requires('administer', 'operate')
  @ApiOperation({ summary: 'Renames an organization, or changes its settings name by name.' })
  @ApiBody({ type: OrganizationChangeBody })
  async change(@Req() request: AuthenticatedRequest, @Param('id') id: string) {
    const organizationId = within(request.principal, id);
    const change = readBody(OrganizationChangeBody, request.body);
    assertMayChange(request.principal, change.settings);
    return found(await this.administration.changeOrganization(actorOf(request), organizationId, change));
  }
}

/** @throws Problem 404 when it is not the caller's to know of */
function within({ permissions, organizationId }: Principal, id: string): string {
  const wanted = id.toLowerCase();
  const isVisible = permissions.has('operate') ? isUUID(wanted) : wanted === organizationId;
  if (!isVisible) throw notFound();
  return wanted;
}

function assertMayChange({ permissions }: Principal, settings: SettingsBody | undefined): void {
  if (permissions.has('operate')) return;
  const denied = OPERATOR_SETTINGS.filter((name) => settings?.[name] !== undefined);
  if (denied.length === 0) return;
  const errors = denied.map((name) => ({ path: `settings.${name}`, message: 'only the operator sets it' }));
  throw new Problem(403, 'forbidden', `Only the operator may set ${denied.join(', ')}`, errors);
}

function found<T>(organization: T | null): T {
  if (organization === null) throw notFound();
  return organization;
}

const notFound = () => new Problem(404, 'not_found', 'There is no such organization');
