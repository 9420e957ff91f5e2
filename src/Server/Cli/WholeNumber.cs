using System.CommandLine.Parsing;
using System.Globalization;

namespace Chat.Server.Cli;

/// <summary>Reads an option's whole number, and says which numbers it takes: the parser alone names a type of .NET.</summary>
internal static class WholeNumber
{
    /// <param name="least">The least that is taken.</param>
    /// <param name="most">The most; without it any number from <paramref name="least"/> is.</param>
    public static Func<ArgumentResult, int> From(int least, int most = int.MaxValue) => result =>
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
            return number;
        string range = most == int.MaxValue ? $"from {least}" : $"from {least} to {most}";
        string option = result.Parent is OptionResult { Option.Name: var name } ? $"{name} " : "";
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option}{text}: give a whole number {range}."));
        return least;
    };
}
