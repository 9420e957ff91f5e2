using BenchmarkDotNet.Running;

using Chat.Micro.Budgets;

if (args.Contains("--budgets")) return await AllocationBudgets.CheckAsync(args.Contains("--json"));

BenchmarkSwitcher.FromAssembly(typeof(AllocationBudgets).Assembly).Run(args);
return 0;
