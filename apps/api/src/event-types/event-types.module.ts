import { Module } from '@nestjs/common';
import { EventTypeRegistry } from './event-type-registry.js';
import { EventTypesController } from './event-types.controller.js';
import { EventTypesService } from './event-types.service.js';
import { EventTypesStore } from './event-types.store.js';
import { SchemaCompiler } from './schema-compiler.js';

/** The catalog: built-in event types and those that organizations registered. */
@Module({
  controllers: [EventTypesController],
  providers: [
    EventTypesStore,
    EventTypeRegistry,
    EventTypesService,
    { provide: SchemaCompiler, useFactory: () => new SchemaCompiler() },
  ],
  exports: [EventTypeRegistry],
})
export class EventTypesModule {}
