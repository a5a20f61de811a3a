using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Calango.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Files : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "AvatarId",
                table: "accounts",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "blob_places",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PluginId = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Role = table.Column<int>(type: "INTEGER", nullable: false),
                    Settings = table.Column<string>(type: "TEXT", nullable: false),
                    ProtectedSecrets = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_blob_places", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "blob_moves",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    FromId = table.Column<Guid>(type: "TEXT", nullable: false),
                    ToId = table.Column<Guid>(type: "TEXT", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    StartedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Found = table.Column<long>(type: "INTEGER", nullable: false),
                    Done = table.Column<long>(type: "INTEGER", nullable: false),
                    Bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    Kept = table.Column<long>(type: "INTEGER", nullable: false),
                    FailureCode = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    LeaseUntil = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_blob_moves", x => x.Id);
                    table.ForeignKey(
                        name: "FK_blob_moves_blob_places_FromId",
                        column: x => x.FromId,
                        principalTable: "blob_places",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_blob_moves_blob_places_ToId",
                        column: x => x.ToId,
                        principalTable: "blob_places",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.UpdateData(
                table: "accounts",
                keyColumn: "Id",
                keyValue: new Guid("01900000-0000-7000-8000-000000000001"),
                column: "AvatarId",
                value: null);

            migrationBuilder.InsertData(
                table: "blob_places",
                columns: new[] { "Id", "PluginId", "ProtectedSecrets", "Role", "Settings" },
                values: new object[] { new Guid("01900000-0000-7000-8000-000000000002"), "disk-storage", "{}", 1, "{}" });

            migrationBuilder.CreateIndex(
                name: "IX_blob_moves_FromId",
                table: "blob_moves",
                column: "FromId");

            migrationBuilder.CreateIndex(
                name: "IX_blob_moves_ToId",
                table: "blob_moves",
                column: "ToId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "blob_moves");

            migrationBuilder.DropTable(
                name: "blob_places");

            migrationBuilder.DropColumn(
                name: "AvatarId",
                table: "accounts");
        }
    }
}
