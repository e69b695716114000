/** Things that may be many: all are counted, the first ones kept. */
export class Sample<Item> {
  count = 0;
  readonly first: Item[] = [];

  add(item: Item): void {
    this.count += 1;
    if (this.first.length < kept) this.first.push(item);
  }
}

const kept = 1000;
