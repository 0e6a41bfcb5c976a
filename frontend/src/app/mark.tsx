/** The wallet's name. */
export function Mark() {
  return (
    <span className="flex items-center gap-2.5 text-lg font-bold tracking-tight">
      <img src="/icon.svg" alt="" className="size-8" />
      Wallet
    </span>
  );
}
