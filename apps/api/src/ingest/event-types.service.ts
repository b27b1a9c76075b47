import { Injectable } from '@nestjs/common';
import { builtInTypes } from '#catalog';
import { CountableType, createAjv } from './validation/countable-type.js';

/** The event types that may be sent, schemas compiled once. */
@Injectable()
export class EventTypesService {
  private readonly builtIn: ReadonlyMap<string, CountableType>;

  constructor() {
    const ajv = createAjv();
    this.builtIn = new Map(builtInTypes.map((type) => [type.name, new CountableType(type, ajv)]));
  }

  typeOf(name: string): CountableType | undefined {
    return this.builtIn.get(name);
  }
}
