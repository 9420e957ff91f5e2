const CalmFrames = 2;
const MaxFrames = 30;

/** Resolves when what is looked at stayed the same for two frames. A hidden page draws no frames: it waits until it is seen. */
export async function settled(look: () => string): Promise<void> {
  let last = look();
  for (let frame = 0, calm = 0; frame < MaxFrames && calm < CalmFrames; frame += 1) {
    await new Promise(requestAnimationFrame);
    const now = look();
    calm = now === last ? calm + 1 : 0;
    last = now;
  }
}
