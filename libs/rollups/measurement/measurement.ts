import { Sketch, type SketchJson } from './sketch.js';

/** JSON form: count, sum, min, max, sketch. */
export type MeasurementJson = readonly [number, number, number, number, SketchJson];

/** All figures of one measure in one bucket of one series. */
export class Measurement {
  constructor(
    public count = 0,
    public sum = 0,
    public min = Number.POSITIVE_INFINITY,
    public max = Number.NEGATIVE_INFINITY,
    readonly sketch = new Sketch(),
  ) {}

  add(value: number): void {
    this.count++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    this.sketch.add(value);
  }

  merge(other: Measurement): void {
    this.count += other.count;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min);
    this.max = Math.max(this.max, other.max);
    this.sketch.merge(other.sketch);
  }

  toJSON(): MeasurementJson {
    return [this.count, this.sum, this.min, this.max, this.sketch.toJSON()];
  }

  static fromJSON([count, sum, min, max, sketch]: MeasurementJson): Measurement {
    return new Measurement(count, sum, min, max, Sketch.fromJSON(sketch));
  }
}
