import { Controller, Get, HttpStatus, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { JobAdministration, UnknownSlot } from '#job-administration';
import { Requires } from '../http/access.js';
import { type AuthenticatedRequest, actorOf } from '../http/authenticated-request.js';
import { parseInstant } from '../http/input/parse-instant.js';
import { invalidBody, readBody } from '../http/input/read-body.js';
import { Answers } from '../http/openapi/answers.js';
import { Problem } from '../http/problem.js';
import {
  completedRunSchema,
  jobDetailsSchema,
  jobListSchema,
  jobSchema,
  queuedRunSchema,
} from './jobs.schema.js';
import { RunJobBody } from './run-job.body.js';

@ApiTags('operations')
@Controller('v1/admin/jobs')
@Requires('operate')
export class JobsController {
  constructor(private readonly administration: JobAdministration) {}

  @Get()
  @ApiOperation({
    summary: 'Scheduled jobs, with their last and next run.',
    description: 'Each slot of a schedule is run once, on one worker, however many there are.',
  })
  @Answers(200, jobListSchema, 'Jobs by name.')
  async list() {
    return { data: await this.administration.list() };
  }

  @Get(':name')
  @ApiOperation({ summary: 'A job, its last runs, and what operators did with it.' })
  @Answers(200, jobDetailsSchema, 'The job.')
  async find(@Param('name') name: string) {
    return found(await this.administration.find(name));
  }

  @Post(':name/run')
  @ApiOperation({
    summary: 'Runs a job now, or for a slot that was missed or has failed.',
    description:
      'A worker runs it within seconds, even while the job is paused. A slot that has been run is not run again.',
  })
  @ApiBody({ type: RunJobBody, required: false, examples: { now: { value: {} } } })
  @Answers(202, queuedRunSchema, 'A worker will run it.')
  @Answers(200, completedRunSchema, 'The slot has been run before.')
  async run(
    @Req() request: AuthenticatedRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('name') name: string,
  ) {
    const { slot } = readBody(RunJobBody, request.body);
    const instant = slot === undefined ? undefined : parseInstant(slot)!;
    const run = found(await this.administration.run(actorOf(request), name, instant).catch(toProblem));
    reply.status(run.status === 'queued' ? HttpStatus.ACCEPTED : HttpStatus.OK);
    return run;
  }

  @Post(':name/pause')
  @ApiOperation({
    summary: 'Pauses a job: its slots are not run.',
    description: 'A run that is in the queue already is not held back.',
  })
  @Answers(200, jobSchema, 'The job, paused.')
  async pause(@Req() request: AuthenticatedRequest, @Param('name') name: string) {
    return found(await this.administration.pause(actorOf(request), name));
  }

  @Post(':name/resume')
  @ApiOperation({
    summary: 'Resumes a job.',
    description: 'The latest slots that it missed are run, at most `catch_up`.',
  })
  @Answers(200, jobSchema, 'The job, no longer paused.')
  async resume(@Req() request: AuthenticatedRequest, @Param('name') name: string) {
    return found(await this.administration.resume(actorOf(request), name));
  }
}

function found<T>(job: T | null): T {
  if (job === null) throw new Problem(404, 'not_found', 'No such job');
  return job;
}

function toProblem(error: unknown): never {
  if (error instanceof UnknownSlot) throw invalidBody([{ path: 'slot', message: error.message }]);
  throw error;
}
