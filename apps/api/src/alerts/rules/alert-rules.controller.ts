import { Controller, Delete, Get, Param, Patch, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { subjectOf, testMessage } from '#alerts';
import { EventTypeRegistry } from '../../event-types/event-type-registry.js';
import { Requires } from '../../http/access.js';
import { type AuthenticatedRequest, actorOf } from '../../http/authenticated-request.js';
import { readObject } from '../../http/input/read-body.js';
import { Answers } from '../../http/openapi/answers.js';
import { Refuses } from '../../http/openapi/refusals.js';
import { pageSchema } from '../../http/openapi/schema.js';
import { Problem } from '../../http/problem.js';
import { ChannelsStore } from '../channels/channels.store.js';
import { ChannelTests } from '../testing/channel-tests.js';
import { testResultsSchema } from '../testing/test-result.schema.js';
import { fieldsKept, type StoredRule, shownRule } from './alert-rule.js';
import {
  alertRuleChangeBody,
  alertRuleSchema,
  MANY_ERRORS,
  NO_VOICE,
  newAlertRuleBody,
} from './alert-rule.schema.js';
import { AlertRulesStore, type Unsaved } from './alert-rules.store.js';
import { readAlertRule } from './read-alert-rule.js';

@ApiTags('alerts')
@Controller('v1/alert-rules')
export class AlertRulesController {
  constructor(
    private readonly rules: AlertRulesStore,
    private readonly channels: ChannelsStore,
    private readonly types: EventTypeRegistry,
    private readonly tests: ChannelTests,
  ) {}

  @Get()
  @Requires('read')
  @ApiOperation({
    summary: 'The alert rules of the organization, by name, with what their last evaluation found.',
  })
  @Answers(200, pageSchema(alertRuleSchema), 'All of them.')
  async list(@Req() { principal }: AuthenticatedRequest) {
    return { data: (await this.rules.all(principal.organizationId)).map(shownRule), next_cursor: null };
  }

  @Post()
  @Requires('notify')
  @ApiOperation({
    summary: 'Creates an alert rule.',
    description:
      'Workers evaluate it every minute. Without events a count is 0, and any other statistic has no value, which compares ' +
      'with nothing. An organization may have 100 rules.',
  })
  @ApiBody({
    schema: newAlertRuleBody as never,
    examples: { errors: { value: MANY_ERRORS }, silence: { value: NO_VOICE } },
  })
  @Answers(201, alertRuleSchema, 'Created.')
  @Refuses(409, '`alert_rule_exists` or `too_many_alert_rules`.')
  async create(@Req() request: AuthenticatedRequest) {
    const { organizationId } = request.principal;
    const draft = await this.read(request, readObject(request.body));
    return shownRule(saved(await this.rules.create(actorOf(request), organizationId, draft)));
  }

  @Patch(':id')
  @Requires('notify')
  @ApiOperation({
    summary: 'Changes fields of an alert rule.',
    description: 'An alert of the rule goes on, if the new condition holds.',
  })
  @ApiBody({ schema: alertRuleChangeBody as never, examples: { off: { value: { enabled: false } } } })
  @Answers(200, alertRuleSchema, 'Changed.')
  @Refuses(409, '`alert_rule_exists`.')
  async change(@Req() request: AuthenticatedRequest, @Param('id') id: string) {
    const { organizationId } = request.principal;
    const change = readObject(request.body);
    for (;;) {
      const rule = await this.find(organizationId, id);
      const draft = await this.read(request, { ...fieldsKept(rule, change), ...change });
      const changed = await this.rules.change(actorOf(request), organizationId, rule, draft);
      if (changed !== 'outdated') return shownRule(saved(changed));
    }
  }

  @Delete(':id')
  @Requires('notify')
  @ApiOperation({ summary: 'Deletes an alert rule. Its alert ends; the history stays.' })
  @Answers(204, null, 'Deleted.')
  async remove(@Req() request: AuthenticatedRequest, @Param('id') id: string): Promise<void> {
    const { organizationId } = request.principal;
    if (!isUUID(id) || !(await this.rules.remove(actorOf(request), organizationId, id))) throw notFound();
  }

  @Post(':id/test')
  @Requires('notify')
  @ApiOperation({
    summary: 'Sends a test through the channels of an alert rule.',
    description: 'A worker sends it. The answer waits up to 15 seconds for what each channel says.',
  })
  @Answers(200, testResultsSchema, 'What each channel said.')
  @Refuses(409, '`too_many_tests`.')
  async test(@Req() request: AuthenticatedRequest, @Param('id') id: string) {
    const { organizationId } = request.principal;
    const { name, condition, channels } = await this.find(organizationId, id);
    const message = testMessage(organizationId, name, `The rule watches: ${subjectOf(condition)}.`);
    return { data: await this.tests.run(actorOf(request), message, organizationId, channels) };
  }

  private async find(organizationId: string, id: string): Promise<StoredRule> {
    const rule = isUUID(id) ? await this.rules.find(organizationId, id) : undefined;
    if (!rule) throw notFound();
    return rule;
  }

  private async read({ principal }: AuthenticatedRequest, body: Readonly<Record<string, unknown>>) {
    const channels = await this.channels.all(principal.organizationId);
    return readAlertRule(
      body,
      await this.types.of(principal),
      channels.map(({ name }) => name),
    );
  }
}

const notFound = () => new Problem(404, 'not_found', 'No such alert rule');

function saved(rule: StoredRule | Unsaved): StoredRule {
  if (rule === 'name_taken') throw new Problem(409, 'alert_rule_exists', 'Another alert rule has this name');
  if (rule === 'too_many') {
    throw new Problem(409, 'too_many_alert_rules', 'The organization has reached its limit of alert rules');
  }
  return rule;
}
