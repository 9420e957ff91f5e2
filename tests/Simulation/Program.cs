using Chat.Simulation.Schedules;
ulong first = args.Length > 0 ? ulong.Parse(args[0], null) : 1;
int count = args.Length > 1 ? int.Parse(args[1], null) : 1000;
var watch = System.Diagnostics.Stopwatch.StartNew();
Tally tally = new();
int failures = 0;
long steps = 0;
for (ulong seed = first; seed < first + (ulong)count; seed++)
{
    Verdict v = ScheduleRun.Run(ScheduleMaker.Make(seed));
    tally.Add(v.Tally);
    steps += v.Steps;
    if (v.Violation is not null && failures++ < 10) Console.WriteLine($"seed {seed}: {v.Violation}");
}
Console.WriteLine($"{count} schedules, {failures} failed, {count / watch.Elapsed.TotalSeconds:F0}/s, {steps / count} steps each");
foreach (Happening h in Enum.GetValues<Happening>()) Console.WriteLine($"{h,-26} {tally[h]}");
return failures == 0 ? 0 : 1;
