using Calango.Core.Chat;
using Calango.Sdk;
using Calango.Web.Text;

namespace Calango.Web.Pages.Models;

/// <summary>Who writes the titles of chats.</summary>
public sealed class TitleSettings(Viewer viewer, TaskChoices choices, TaskSections sections) : TaskSettings(ModelTask.Title, viewer, choices, sections);
