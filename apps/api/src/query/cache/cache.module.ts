import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Environment } from '#config';
import { MetricsModule } from '../../metrics/metrics.module.js';
import { AnswerCache } from './answer-cache.js';
import { SharedAnswers } from './shared-answers.js';

@Module({
  imports: [MetricsModule],
  providers: [
    {
      provide: SharedAnswers,
      inject: [Environment],
      useFactory: ({ REDIS_URL }: Environment) => new SharedAnswers(REDIS_URL),
    },
    AnswerCache,
  ],
  exports: [AnswerCache],
})
export class CacheModule implements OnApplicationShutdown {
  constructor(@Inject(SharedAnswers) private readonly shared: SharedAnswers) {}

  onApplicationShutdown(): void {
    this.shared.close();
  }
}
