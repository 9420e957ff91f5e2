using System.Text;
using Npgsql;

namespace Chat.Storage.ChatLog;

/// <summary>What an exception of a batch means for its events.</summary>
internal enum AppendFault : byte
{
    /// <summary>Not stored: one of the events is not acceptable to PostgreSQL. Find it by halving.</summary>
    Data,

    /// <summary>Not stored: lost a race with another transaction. Again at once.</summary>
    Race,

    /// <summary>Not stored: PostgreSQL is out of something. Tell the senders, and pause.</summary>
    Full,

    /// <summary>Not stored: took too long, read-only, or something unforeseen. Again after a pause.</summary>
    Aborted,

    /// <summary>The connection is gone; it may be stored. Again over a new one, by id.</summary>
    Unknown,
}

/// <summary>SQLSTATE by SQLSTATE, what is certain and what is not.</summary>
internal static class AppendFaults
{
    public static AppendFault Classify(Exception exception) => exception switch
    {
        // The server cut the connection; whether before or after the commit cannot be told from here.
        PostgresException { InvariantSeverity: "FATAL" or "PANIC" } => AppendFault.Unknown,
        PostgresException postgres => Classify(postgres.SqlState),
        // A lone surrogate: the text cannot even be sent.
        EncoderFallbackException => AppendFault.Data,
        _ => AppendFault.Unknown,
    };

    /// <summary>Whether the connection may be used again after this exception.</summary>
    public static bool KeepsConnection(Exception exception) =>
        exception is PostgresException { InvariantSeverity: "ERROR" } postgres
        && Classify(postgres.SqlState) is not (AppendFault.Unknown or AppendFault.Aborted);

    private static AppendFault Classify(string state) => state switch
    {
        // Our own keys: another writer stored the same id although we hold the chat's lock. The next look finds it.
        PostgresErrorCodes.UniqueViolation => AppendFault.Race,
        "40001" or "40P01" => AppendFault.Race,
        _ => state[..2] switch
        {
            "22" or "23" => AppendFault.Data,
            "53" => AppendFault.Full,
            "08" => AppendFault.Unknown,
            _ => state is "57P01" or "57P02" or "57P03" or "40003" ? AppendFault.Unknown : AppendFault.Aborted,
        },
    };
}
