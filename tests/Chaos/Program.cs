using System.CommandLine;

RootCommand root = new("Breaks a running cluster on purpose, and checks that no promise is broken with it.");
return await root.Parse(args).InvokeAsync();
