namespace Chat.Domain.People;

/// <summary>To whom a person shows something. Numbers as stored: append, never edit.</summary>
public enum Audience : byte
{
    Everyone = 1,

    /// <summary>Those whom the person keeps as contacts.</summary>
    Contacts = 2,

    Nobody = 3,
}
