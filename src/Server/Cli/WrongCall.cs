using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Chat.Server.Cli;

/// <summary>Tells who called a verb wrongly what is wrong, what may have been meant, and how it is called.</summary>
internal static partial class WrongCall
{
    /// <summary>Refuses in an argument what begins with a dash: the parser takes an option that the verb does not have for it.</summary>
    public static void RefuseOptions(Argument argument) => argument.Validators.Add(RefuseOption);

    /// <param name="root">What the arguments were parsed with.</param>
    /// <param name="args">As they were typed.</param>
    /// <param name="parsed">What came of them; its action tells of errors.</param>
    public static int Tell(Command root, string[] args, ParseResult parsed)
    {
        // What stands behind an option that there is not was meant for it: one mistake, not two.
        ParseResult told = root.Parse([.. args.Where((_, at) => !IsStray(parsed, args, at))]);
        if (told.Action is not ParseErrorAction action) (told, action) = (parsed, (ParseErrorAction)parsed.Action!);

        foreach (ParseError error in told.Errors) Console.Error.WriteLine(Explain(error.Message));
        Console.Error.WriteLine();
        action.ShowTypoCorrections = told.CommandResult.Command.Subcommands.Count > 0 || told.UnmatchedTokens.All(IsOption);
        told.Invoke(new InvocationConfiguration { Error = TextWriter.Null }); // suggestions and help; the errors are told
        return 2; // as every verb says it
    }

    private static void RefuseOption(ArgumentResult result)
    {
        foreach (Token token in result.Tokens)
            if (IsOption(token.Value)) result.AddError($"There is no option '{token.Value}'.");
    }

    private static bool IsStray(ParseResult parsed, string[] args, int at) =>
        at > 0 && !IsOption(args[at]) && parsed.UnmatchedTokens.Contains(args[at])
            && IsOption(args[at - 1]) && !IsKnown(parsed.CommandResult.Command, args[at - 1]);

    private static bool IsKnown(Command verb, string option) =>
        verb.Options.Any(known => known.Name == option || known.Aliases.Contains(option));

    private static bool IsOption(string word) => word.StartsWith('-');

    /// <summary>The parser names types; a person wants to know what to write.</summary>
    private static string Explain(string message) => NoNumber().Replace(message, "$2 $1: give a whole number.");

    [GeneratedRegex(@"^Cannot parse argument '(.*)' for option '(.*)' as expected type '.*Int(?:32|64)\]?'\.$")]
    private static partial Regex NoNumber();
}
