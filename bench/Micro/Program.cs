using BenchmarkDotNet.Running;

using Chat.Micro.Budgets;

if (args.Contains("--budgets")) return await AllocationBudgets.CheckAsync(args.Contains("--json"));

// In this process: BenchmarkDotNet's own looks for a project named as its assembly, which ours is not, and would not have the server's tiering.
BenchmarkSwitcher.FromAssembly(typeof(AllocationBudgets).Assembly).Run(["--inProcess", .. args]);
return 0;
